import { existsSync } from 'node:fs'
import type { CancelOptions } from '../../base/index.ts'
import { readBinfmt } from '../../binfmt/index.ts'
import { runProgram } from '../run-program.ts'
import type { DoctorSettings } from '../ports.ts'
import { ownBuilder, type RepairFacts } from './plan-repairs.ts'

/** How this machine may be repaired. */
export async function repairFacts(
  { docker: { env } }: DoctorSettings,
  { signal }: CancelOptions,
): Promise<RepairFacts> {
  const [engine, builders, { mounted }] = await Promise.all([
    runProgram('docker', ['version', '--format', '{{.Server.Version}}'], { env, signal }),
    runProgram('docker', ['buildx', 'ls'], { env, signal }),
    readBinfmt(),
  ])
  return {
    root: process.getuid?.() === 0,
    apt: existsSync('/usr/bin/apt-get'),
    mounted,
    engine: engine.exitCode === 0,
    ownBuilder: new RegExp(`^${ownBuilder}\\b`, 'm').test(builders.stdout),
  }
}
