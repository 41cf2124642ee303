/** What was found about one thing that builds for other CPUs need. */
export type CheckName =
  | 'docker'
  | 'buildx'
  | 'builder'
  | 'image-store'
  | 'binfmt'
  | 'registry'
  | 'disk'
  | 'clock'
  | 'certificates'

export interface Diagnosis {
  check: CheckName
  verdict: 'ok' | 'warning' | 'error'
  /** the platform that it is about; absent when it is about all */
  platform?: string
  /** what is so, one line */
  text: string
  /** what that means for a build */
  meaning?: string
  /** the command that repairs it, as a person would type it */
  repair?: string
  /** the repair that `everyarch setup` can make */
  fix?: Fix
}

export type Fix =
  /** QEMU for an architecture: missing, disabled, without the F flag, or too old */
  | { kind: 'emulator'; architecture: string }
  /** a builder that makes images of several platforms */
  | { kind: 'builder' }
