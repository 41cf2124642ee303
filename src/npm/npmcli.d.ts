/** The parts that we use of npm's own libraries that come without types. */

declare module '@npmcli/config' {
  interface ConfigOptions {
    npmPath: string
    definitions: object
    shorthands: object
    flatten: object
    nerfDarts: readonly string[]
    argv: readonly string[]
    env: Record<string, string | undefined>
    execPath: string
    cwd: string
    warn: boolean
  }
  export default class Config {
    constructor(options: ConfigOptions)
    load(): Promise<void>
    validate(): boolean
    get(key: string): unknown
    readonly flat: Record<string, unknown> & { registry: string; cache: string }
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const settings: {
    definitions: { registry: { default: string } }
    shorthands: object
    flatten: object
    nerfDarts: readonly string[]
  }
  export default settings
}

declare module 'cacache/lib/content/path.js' {
  /** Where the content with a hash lies in a cache. */
  export default function contentPath(cache: string, integrity: string): string
}
