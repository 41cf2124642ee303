/** What smoke tests found: values that can be written as JSON. */
import type { Cause } from './cause/cause.ts'

export interface SmokeReport {
  /** the image's name as it was opened */
  image: string
  /** true when every platform was tested and passed */
  passed: boolean
  platforms: PlatformSmoke[]
}

export interface PlatformSmoke {
  platform: string
  /** digest of the platform's manifest */
  digest: string
  /** `untested`: no runner here can execute it, or no probe is meant for it */
  outcome: 'passed' | 'failed' | 'untested'
  /** what ran it: `docker 26.1.5`, `crun 1.8` */
  runner?: string
  emulated?: boolean
  /** why it is untested */
  reason?: Cause
  probes: ProbeResult[]
  milliseconds: number
}

export interface ProbeResult {
  type: 'command' | 'start' | 'addons' | 'compose'
  /** the probe in a few words */
  probe: string
  outcome: 'passed' | 'failed'
  /** what was seen, in a few words: `GET :3000/healthz 200`, `12 addons` */
  summary: string
  /** why it failed */
  cause?: Cause
  /** how often it was tried */
  attempts: number
  milliseconds: number
  /** the last lines that the container wrote, oldest first: 200 at most */
  log: string[]
  /** native addons, of an `addons` probe */
  addons?: AddonResult[]
}

export interface AddonResult {
  /** inside the image, without a leading slash */
  path: string
  outcome: 'loaded' | 'failed' | 'skipped'
  /** why it failed, or why this platform does not pick it */
  reason?: string
}
