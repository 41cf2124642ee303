/** A repair as steps that are shown before they are made. */
export interface Repair {
  title: string
  steps: readonly RepairStep[]
}

export type RepairStep =
  | { kind: 'run'; command: readonly string[] }
  /** undoes what the commands before it did when one of them failed */
  | { kind: 'undo'; command: readonly string[] }
  /** makes the kernel take QEMU for an architecture, from the distribution's own description of the handler */
  | { kind: 'register'; architecture: string; handler: string }

/** A step as a person would type it. */
export function stepText(step: RepairStep): string {
  if (step.kind !== 'register') return step.command.join(' ')
  return `cat /usr/lib/binfmt.d/${step.handler}.conf > /proc/sys/fs/binfmt_misc/register`
}
