/** What the files that a build reads say: `binding.gyp`, `CMakeLists.txt`, and the C++ sources themselves. */
import { type CancelOptions, collect } from '../../../base/index.ts'
import type { PackageFile, UnpackedPackage } from '../../../npm/index.ts'
import { gypBuild } from '../gyp/gyp-build.ts'
import type { BuildFiles } from './build-needs.ts'

export interface BuildReading extends BuildFiles {
  /** a `binding.gyp` or `CMakeLists.txt` at the root: node-gyp or cmake-js can be asked to build it */
  system?: 'node-gyp' | 'cmake-js'
  /** what the sources include */
  api?: 'node-api' | 'node'
}

const maxBytes = 1 << 20
const sourcesRead = 60

/** Reads what the root of a package has for a build. */
export async function readBuildFiles(
  content: UnpackedPackage,
  { signal }: CancelOptions,
): Promise<BuildReading> {
  const gyp = await gypBuild(content, { signal })
  const cmakeFile = content.file('CMakeLists.txt')
  if (!gyp && !cmakeFile) return { asksFor: [] }
  const api = await apiOfSources(content, gyp?.sources ?? [], signal)
  const facts = gyp ?? cmakeFacts(await textOf(cmakeFile, signal))
  const { cxxStandard, asksFor } = facts
  return {
    system: gyp ? 'node-gyp' : 'cmake-js',
    ...(api ? { api } : {}),
    ...(cxxStandard === undefined ? {} : { cxxStandard }),
    asksFor,
  }
}

/** Packages that CMake finds by names of its own. */
const cmakeNames: Readonly<Record<string, string>> = {
  OpenSSL: 'ssl',
  ZLIB: 'z',
  CURL: 'curl',
  BLAS: 'blas',
  LAPACK: 'lapack',
  SQLite3: 'sqlite3',
  PNG: 'png',
  JPEG: 'jpeg',
  X11: 'X11',
  PostgreSQL: 'pq',
  ICU: 'icuuc',
}

function cmakeFacts(text: string): BuildFiles {
  const plain = text.replace(/^\s*#.*$/gm, '')
  const standards = [
    ...plain.matchAll(/CMAKE_CXX_STANDARD\s+(\d\d)\b|cxx_std_(\d\d)|-std=(?:c|gnu)\+\+(\d\d)/g),
  ]
  const cxxStandard = Math.max(0, ...standards.map((match) => Number(match[1] ?? match[2] ?? match[3])))
  const found = [...plain.matchAll(/find_package\s*\(\s*(\w+)/gi)].flatMap(
    ([, name = '']) => cmakeNames[name] ?? [],
  )
  const modules = [...plain.matchAll(/pkg_(?:check_modules|search_module)\s*\(\s*\w+([^)]*)\)/gi)]
    .flatMap(([, words = '']) => words.split(/\s+/))
    .filter((word) => /^[a-z][\w.+-]*$/.test(word))
  return {
    ...(cxxStandard > 0 ? { cxxStandard } : {}),
    asksFor: [
      ...found.map((name) => ({ by: 'linker' as const, name })),
      ...modules.map((name) => ({ by: 'pkg-config' as const, name })),
    ],
  }
}

/** An addon that includes Node-API's headers is for every Node; one that includes V8's is for one NODE_MODULE_VERSION. */
async function apiOfSources(
  content: UnpackedPackage,
  named: readonly string[],
  signal: AbortSignal,
): Promise<BuildReading['api']> {
  const listed = named.flatMap((path) => content.file(path) ?? [])
  const shallow = content.files.filter(({ path }) =>
    /^(?:src\/)?[^/]+\.(?:c|cc|cpp|cxx|h|hh|hpp)$/.test(path),
  )
  const texts: string[] = []
  for (const file of new Set([...listed, ...shallow].slice(0, sourcesRead)))
    texts.push(await textOf(file, signal))
  const includes = (pattern: RegExp) => texts.some((text) => pattern.test(text))
  if (includes(/^\s*#\s*include\s*[<"](?:nan|v8|node|node_object_wrap|node_buffer)\.h[>"]/m)) return 'node'
  return includes(
    /^\s*#\s*include\s*[<"](?:.*\/)?(?:node_api|js_native_api|napi|napi-macros|napi-inl)\.h[>"]/m,
  )
    ? 'node-api'
    : undefined
}

async function textOf(file: PackageFile | undefined, signal: AbortSignal): Promise<string> {
  if (file?.type !== 'file' || file.size > maxBytes) return ''
  return new TextDecoder().decode(await collect(file.content({ signal }), file.size, file.path))
}
