import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { EngineError } from '../engines/run.ts'

/** Runs a program that reads the stream, to its end. Throws `EngineError` with what it said. */
export async function pipe(
  stream: AsyncIterable<Uint8Array>,
  program: string,
  args: readonly string[],
): Promise<void> {
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] })
  const ended = once(child, 'close')
  let said = ''
  child.stderr.on('data', (chunk) => (said += String(chunk)))
  await pipeline(Readable.from(stream, { objectMode: false }), child.stdin)
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new EngineError(`${program} ${args.join(' ')}: ${code}\n${said}`)
}
