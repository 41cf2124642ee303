/**
 * Why a container failed, in words. Programs, loaders, engines and QEMU say it in a line of the log that means little to
 * whoever has not met it before; here each is translated once, with the next thing to try.
 */
import type { Ending } from '../runners/runner.ts'
import { signalOfExitCode } from '../process/signals.ts'
import { signs } from './signs.ts'

export interface Cause {
  /** stable, for scripts */
  code: string
  /** what went wrong, in one sentence without a full stop */
  text: string
  /** the next thing to try */
  hint: string
}

export interface Evidence {
  platform: string
  emulated: boolean
  log: readonly string[]
  ending: Ending
}

/** Why a container ended as it did. Called only for an end that was not expected. */
export function causeOfEnding(evidence: Evidence): Cause {
  return (
    engineFault(evidence.ending) ??
    qemuCrash(evidence) ??
    memoryCause(evidence.ending) ??
    signCause(evidence) ??
    endCause(evidence)
  )
}

/** What the last lines of a log give away; undefined when they say nothing that we know. */
export function signCause({
  platform,
  log,
  ending,
}: Pick<Evidence, 'platform' | 'log' | 'ending'>): Cause | undefined {
  const lines = [...(ending.startFailure ? [ending.startFailure] : []), ...log.toReversed()]
  for (const { pattern, cause } of signs) {
    for (const line of lines) {
      const match = pattern.exec(line)
      if (match) return cause(match, platform)
    }
  }
  return undefined
}

/** The code of a cause that lies in the engine: another one may run the same image. */
export const engineFaultCode = 'engine-broken'

/** What an engine says when it could start no container at all, whatever the image: its own limits, networks, control groups. */
function engineFault({ startFailure }: Ending): Cause | undefined {
  const signs =
    /setrlimit|iptables|nftables|netavark|cni plugin|plugin type="\w+" failed|set up network|create (?:network|bridge)|cgroup[^\n]*(?:permission|not permitted|read-only)/i
  if (startFailure === undefined || !signs.test(startFailure)) return undefined
  return {
    code: engineFaultCode,
    text: `the engine starts no container on this machine: ${startFailure}`,
    hint: 'it fails before the image plays a part: mend the engine, or choose another (--runner; of a build: --smoke-runner)',
  }
}

/** What QEMU says when it fails itself, whatever it emulates. */
const ownFailure =
  /QEMU internal SIG\w+|qemu(?:-[\w-]+)?: (?:fatal|[^\n]*Assertion|Unable to reserve|unhandled)[^\n]*|^ERROR:[^\n]*(?:tcg|accel|linux-user|target)\/[^\n]*/
/** Signals that the program's own instructions, or QEMU's rendering of them, bring about; others are sent on purpose. */
const ofInstructions = ['SIGILL', 'SIGSEGV', 'SIGTRAP', 'SIGBUS']

/** A crash under emulation: QEMU's own, or one of which it cannot be told whose it is. */
function qemuCrash({ log, emulated, ending, platform }: Evidence): Cause | undefined {
  const hint = `run it on a ${platform} machine ("runners" in the configuration, or --runner ${platform}=ADDRESS), or with a newer QEMU (9.2 or later)`
  const failure = log.map((line) => ownFailure.exec(line)?.[0]).findLast(Boolean)
  if (failure !== undefined && emulated) {
    return { code: 'qemu-crash', text: `QEMU itself failed, not the program: ${failure}`, hint }
  }
  const said = log
    .map((line) => /qemu: uncaught target signal (\d+) \(([^)]+)\)/.exec(line))
    .findLast(Boolean)
  const name = signalOfExitCode(said ? 128 + Number(said[1]) : ending.exitCode) ?? ''
  if (!ofInstructions.includes(name) || !(said || emulated)) return undefined
  return {
    code: 'qemu-crash',
    text: `${said?.[2] ?? crashes[name]} under QEMU: the emulator may be at fault, not the program`,
    hint,
  }
}

const crashes: Readonly<Record<string, string>> = {
  SIGILL: 'Illegal instruction',
  SIGSEGV: 'Segmentation fault',
  SIGBUS: 'Bus error',
  SIGTRAP: 'Trace trap',
}

function memoryCause({ outOfMemory, exitCode }: Ending): Cause | undefined {
  const hint =
    'it leaks, or needs more than it may take here: --memory 4g, or "memory" of the probe (default: 2g)'
  if (outOfMemory) return { code: 'out-of-memory', text: 'out of memory: the kernel ended it', hint }
  if (signalOfExitCode(exitCode) !== 'SIGKILL') return undefined
  return {
    code: 'killed',
    text: 'it was ended by SIGKILL, which nobody here sent: most often the kernel does that when memory runs out',
    hint,
  }
}

function endCause({ ending, log, platform }: Evidence): Cause {
  const { exitCode, startFailure } = ending
  if (startFailure) {
    return {
      code: 'not-started',
      text: `the engine did not start it: ${startFailure}`,
      hint: "check the image's entrypoint, user and working directory",
    }
  }
  const name = signalOfExitCode(exitCode)
  if (name && crashes[name]) {
    return {
      code: 'crashed',
      text: `it crashed: ${crashes[name]} (${name})`,
      hint: `a native addon or Node itself was compiled for a newer CPU, or is broken on ${platform}: try the addons one by one with "everyarch smoke IMAGE"`,
    }
  }
  const said = errorLine(log)
  return {
    code: 'exited',
    text: `it ended with exit code ${exitCode}${name ? ` (${name})` : ''}${said ? `: ${said}` : ''}`,
    hint:
      exitCode === 0
        ? 'a service has to stay: check that the entrypoint starts the server, and does not only load it or fork away'
        : 'its last lines say why; a variable that it needs is given with --env NAME=value',
  }
}

/** The line that names the error: Node prints it before the stack. */
function errorLine(log: readonly string[]): string | undefined {
  const line = log.findLast((text) =>
    /^(?:Uncaught )?\w*Error\b.*:|^\w*(?:error|fatal|panic)\b.*:/i.test(text.trim()),
  )
  return line?.trim().slice(0, 300)
}
