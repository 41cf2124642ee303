/** Programs as parts of a stream. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { EngineError } from '../engines/run.ts'

/** What the program writes to its standard output while `input` goes into it. Throws `EngineError` when it fails. */
export async function* piped(
  program: string,
  args: readonly string[],
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = [],
): AsyncGenerator<Uint8Array> {
  const child = spawn(program, args, { stdio: 'pipe' })
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const exit = once(child, 'exit') as Promise<[number | null]>
  // A program that ends without reading its input is judged by its exit code, not by the broken pipe.
  const feeding = pipeline(input, child.stdin).catch((error: unknown) => error)
  for await (const chunk of child.stdout) yield chunk as Uint8Array
  const [code] = await exit
  if (code !== 0)
    throw new EngineError(`${program} ${args.join(' ')}: ${code}\n${Buffer.concat(said).toString()}`)
  const failure = await feeding
  if (failure instanceof Error) throw failure
}
