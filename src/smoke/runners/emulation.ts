/** Whether and how this machine's kernel executes programs of a platform: binfmt_misc with QEMU. */
import { arch } from 'node:process'
import { emulatorAdvice, obstacle, readBinfmt } from '../../binfmt/index.ts'
import { formatPlatform, type Platform, runsNatively } from '../../oci/index.ts'
import type { Execution } from './runner.ts'

const goArchitectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' }

/** The platform of this machine's kernel, as far as images are concerned. */
function hostPlatform(): Platform {
  return { os: 'linux', architecture: goArchitectures[arch] ?? arch }
}

/** How this machine executes a platform: itself, through an emulator, or not at all. */
export async function executionHere(platform: Platform): Promise<Execution> {
  return runsNatively(platform, hostPlatform()) ? { how: 'native' } : emulation(platform)
}

/** How this machine executes a platform that is not its own. */
export async function emulation(platform: Platform): Promise<Execution> {
  const name = formatPlatform(platform)
  const why =
    platform.os === 'linux' ? obstacle(await readBinfmt(), platform.architecture) : 'it is not Linux'
  if (why === undefined) return { how: 'emulated' }
  return {
    how: 'impossible',
    cause: {
      code: 'no-emulator',
      text: `this machine's kernel cannot execute ${name}: ${why}`,
      hint: `${emulatorAdvice(platform.architecture)} ("everyarch doctor" looks for what else is missing); or test on a ${name} machine: --runner ${name}=ssh://user@host`,
    },
  }
}
