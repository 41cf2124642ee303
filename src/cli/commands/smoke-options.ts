/** Options of commands whose gate starts each platform: what is asked, what runs it, what may go out untested. */
import { type Command, InvalidArgumentError } from 'commander'

export interface SmokeGateFlags {
  /** `false`: --no-smoke; `true`: --smoke; absent: what the command does by itself */
  smoke?: boolean
  smokeHttp?: string[]
  smokeTcp?: number[]
  smokeLog?: string[]
  smokeTimeout?: number
  smokeRunner?: string[]
  allowUntested?: string[]
}

export const append = (value: string, previous: string[] = []): string[] => [...previous, value]

export const commaList = (value: string, previous: string[] = []): string[] => [
  ...previous,
  ...value.split(','),
]

export function seconds(text: string): number {
  const number = Number(text)
  if (!(number > 0) || number > 86_400) throw new InvalidArgumentError('give seconds, such as 30')
  return number
}

export function port(text: string, previous: number[] = []): number[] {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    throw new InvalidArgumentError('give a port, such as 3000')
  }
  return [...previous, number]
}

export function smokeGateOptions(command: Command): Command {
  return command
    .optionsGroup('Smoke tests:')
    .option('--smoke', 'start and probe each platform, also when nothing is pushed')
    .option('--no-smoke', 'start nothing; what is pushed then says of every platform that it is untested')
    .option(
      '--smoke-http <port/path>',
      'start the service and wait for an answer of 200 to 399; repeatable',
      append,
    )
    .option('--smoke-tcp <port>', 'start the service and wait until the port opens; repeatable', port)
    .option('--smoke-log <text>', 'start the service and wait until it logs a text; repeatable', append)
    .option(
      '--smoke-timeout <seconds>',
      'for each probe (default: 30); six times as long under emulation',
      seconds,
    )
    .option(
      '--smoke-runner <runner>',
      'docker, podman, crun, runc or unshare, or PLATFORM=ADDRESS of an engine; repeatable (default: what is there)',
      append,
    )
    .option(
      '--allow-untested <list>',
      'platforms that may be published although nothing here can run them, comma-separated, or all',
      commaList,
    )
}
