import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** As much of npm's tree as packing a folder (a git repository, a `file:` folder) takes; it brings no bundled dependencies. */
export class PackedFolder {
  readonly #path: string

  constructor({ path }: { path: string }) {
    this.#path = path
  }

  async loadActual(): Promise<unknown> {
    const text = await readFile(join(this.#path, 'package.json'), 'utf8')
    return { path: this.#path, package: JSON.parse(text), isProjectRoot: true, edgesOut: new Map() }
  }
}
