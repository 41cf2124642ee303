/** Small projects written for one test. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface ProjectFolder extends AsyncDisposable {
  readonly path: string
  write(files: Readonly<Record<string, string>>): Promise<void>
}

export async function projectFolder(files: Readonly<Record<string, string>>): Promise<ProjectFolder> {
  const path = await mkdtemp(join(tmpdir(), 'everyarch-project-'))
  const write = async (more: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(more)) {
      await mkdir(dirname(join(path, name)), { recursive: true })
      await writeFile(join(path, name), text)
    }
  }
  await write(files)
  return { path, write, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** A service in plain JavaScript, without dependencies. */
export const plainService = {
  'package.json': JSON.stringify({ name: 'plain', version: '1.0.0', scripts: { start: 'node server.js' } }),
  'server.js': `require('node:http').createServer((_, answer) => answer.end('ok')).listen(process.env.PORT || 3000)\n`,
}
