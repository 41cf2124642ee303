/** A program of the image that failed: the user's own trouble, or emulation's. */
import type { BuildkitError } from '../buildkit-error.ts'
import { type Complaint, failure } from './complaint.ts'

/** Exit codes of programs that a signal ended as it ends a broken CPU's: ILL, ABRT, BUS, FPE, SEGV. */
const crashes: Readonly<Record<number, string>> = {
  132: 'illegal instruction',
  134: 'abort',
  135: 'bus error',
  136: 'arithmetic error',
  139: 'segmentation fault',
}

const keptLines = 20

export function stepFailure(complaint: Complaint): BuildkitError | undefined {
  const { message, step, at } = complaint
  const exit = Number(/did not complete successfully: exit code: (\d+)/.exec(message)?.[1])
  const output = (step?.log ?? []).slice(-keptLines)
  const said = output.map((line) => `| ${line}`)
  const what = step ? step.words.text.replaceAll(/\s+/g, ' ').slice(0, 120) : 'a step'
  const where = step?.platform ? ` (${step.platform}${step.emulated ? ', emulated' : ''})` : ''
  if (/exec format error/i.test(message) || output.some((line) => /exec format error/i.test(line))) {
    return failure(
      complaint,
      'EMULATION_MISSING',
      `${at}${what}${where}: the builder cannot execute programs of this platform`,
      'environment',
      [
        ...said,
        'register QEMU with `everyarch setup`, add a native node to the builder, or let nothing of this platform run: everyarch optimize',
      ],
    )
  }
  const crashed = output.some((line) => /uncaught target signal/.test(line))
  if (crashed || (step?.emulated && crashes[exit])) {
    const how = crashes[exit] ? `${crashes[exit]}, exit code ${exit}` : `exit code ${exit || 'unknown'}`
    return failure(
      complaint,
      'EMULATION_CRASHED',
      `${at}${what}${where} crashed in QEMU (${how})`,
      'environment',
      [
        ...said,
        'this is the emulator, not your program. Three ways out:',
        '  run it natively: everyarch optimize moves such steps to the build platform, or add a native node to the builder',
        '  a newer QEMU: everyarch setup (crashes of Node 22 and newer are known of versions before 9.2)',
        '  try again: some of these crashes are races',
      ],
    )
  }
  if (Number.isNaN(exit)) return undefined
  const reason = exit === 137 ? 'killed, perhaps for want of memory' : `exit code ${exit}`
  const hint = exit === 127 ? ['a program was not found in this stage'] : []
  return failure(complaint, 'STEP_FAILED', `${at}${what} failed (${reason})${where}`, 'gate', [
    ...said,
    ...hint,
  ])
}
