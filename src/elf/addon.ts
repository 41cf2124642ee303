/**
 * Native addons: how Node finds their entry, and which Node they were compiled for. Node looks (node_binding.cc) for a
 * module record that the file registered while it was loaded, then for `node_register_module_v<NODE_MODULE_VERSION>`,
 * then for `napi_register_module_v1`.
 */
import { readDeclaredNodeApiVersion } from './declared-node-api.ts'
import type { DynamicSection } from './dynamic-section.ts'
import type { ElfReader } from './elf-bytes.ts'
import type { ElfHeader, Segment } from './header.ts'
import { readModuleRecord } from './module-record.ts'
import { nodeApiVersionOf } from './node-api.ts'
import { type DynamicSymbol, readSymbols } from './symbols.ts'

export interface AddonFacts {
  api: 'node-api' | 'node'
  /** NODE_MODULE_VERSIONs with an entry; empty for Node-API and when the file does not tell */
  abis: number[]
  /** the Node-API version that it needs by the functions it calls and by what it declares; 0 when it uses none */
  nodeApiVersion: number
}

export interface NodeSymbols {
  /** present when the file is a native addon */
  addon?: AddonFacts
  /** Node-API functions that it calls */
  nodeApiImports: string[]
  /** Node-API functions that it offers: those of a node executable or libnode */
  nodeApiExports: string[]
}

const prefixes = ['napi_', 'node_api_', 'node_register_module_v', 'node_module_register'].map((text) =>
  Buffer.from(text),
)
const nodeApiFunction = /^(?:napi|node_api)_/
const entryPoint = /^napi_register_module_v\d+$/
const declaration = 'node_api_module_get_api_version_v1'

export function readNodeSymbols(
  header: ElfHeader,
  dynamic: DynamicSection,
  segments: readonly Segment[],
  reader: ElfReader,
): NodeSymbols {
  const symbols = readSymbols(dynamic, segments, reader, hasPrefix)
  const functions = symbols.filter(
    ({ name }) => nodeApiFunction.test(name) && !entryPoint.test(name) && name !== declaration,
  )
  const names = (list: readonly DynamicSymbol[]) => list.map(({ name }) => name).sort()
  const nodeApiImports = names(functions.filter(({ defined }) => !defined))
  const nodeApiExports = names(functions.filter(({ defined }) => defined))
  const addon = addonOf(symbols, nodeApiImports, { header, dynamic, segments, reader })
  return { ...(addon ? { addon } : {}), nodeApiImports, nodeApiExports }
}

interface Place {
  header: ElfHeader
  dynamic: DynamicSection
  segments: readonly Segment[]
  reader: ElfReader
}

function addonOf(
  symbols: readonly DynamicSymbol[],
  imports: readonly string[],
  place: Place,
): AddonFacts | undefined {
  const { header, dynamic, segments, reader } = place
  const defined = symbols.filter((symbol) => symbol.defined)
  const imported = new Set(symbols.filter((symbol) => !symbol.defined).map(({ name }) => name))
  // node itself defines both registration functions, and is no addon.
  if (defined.some(({ name }) => name === 'napi_module_register' || name === 'node_module_register'))
    return undefined
  const abis = defined
    .flatMap(({ name }) => /^node_register_module_v(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
  const isNodeApi = imported.has('napi_module_register') || defined.some(({ name }) => entryPoint.test(name))
  if (isNodeApi) {
    const declared = defined.find(({ name }) => name === declaration)
    const version = declared && readDeclaredNodeApiVersion(header, segments, reader, declared.address)
    return { api: 'node-api', abis, nodeApiVersion: Math.max(nodeApiVersionOf(imports), version ?? 1) }
  }
  if (abis.length === 0 && !imported.has('node_module_register')) return undefined
  const registered = abis.length > 0 ? undefined : readModuleRecord(header, dynamic, segments, reader)
  const known = registered === undefined ? abis : [registered]
  return { api: 'node', abis: known, nodeApiVersion: imports.length > 0 ? nodeApiVersionOf(imports) : 0 }
}

function hasPrefix(strings: Uint8Array, at: number): boolean {
  if (strings[at] !== 0x6e) return false // 'n'
  return prefixes.some((prefix) => prefix.every((byte, index) => strings[at + index] === byte))
}
