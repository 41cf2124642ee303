/** Signals by name and number, as Linux numbers them on every architecture that Node runs on. */
const numbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGWINCH: 28,
  SIGSYS: 31,
}

export function signalNumber(name: string): number {
  return numbers[name] ?? 0
}

/** The signal that an exit code above 128 speaks of. */
export function signalOfExitCode(exitCode: number): string | undefined {
  return Object.keys(numbers).find((name) => numbers[name] === exitCode - 128)
}

/** An image's `StopSignal` (`SIGQUIT`, `QUIT`, `3`) as a name; the default of engines is SIGTERM. */
export function stopSignalName(text: string | undefined): string {
  if (!text) return 'SIGTERM'
  if (/^\d+$/.test(text)) return signalOfExitCode(128 + Number(text)) ?? 'SIGTERM'
  const name = text.toUpperCase()
  return name.startsWith('SIG') ? name : `SIG${name}`
}
