/**
 * What V8 made of a script, kept from one run to the next. Reading and compiling our program takes longer than all the rest
 * of an unchanged build; from the compiled form V8 starts in a fraction of that. (Node's own `enableCompileCache` does the same,
 * but not before Node 22.8.)
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cachedDataVersionTag } from 'node:v8'
import { Script } from 'node:vm'

export interface CodeCacheSettings {
  /** where compiled forms are kept; without it none is */
  folder: string | undefined
  /** runs of the same purpose need about the same functions: the name of a command */
  purpose: string
}

export interface CompiledScript {
  /** whether the compiled form of an earlier run was taken */
  fromCache: boolean
  /** what the script evaluates to */
  value: unknown
  /** Keeps what is compiled by now for later runs, unless it came from there. Never throws: it only saves time. */
  keep(): void
}

/** A compiled form that nobody made anew for so long belongs to a release, or to a Node, that has gone. */
const keptMilliseconds = 30 * 24 * 60 * 60 * 1000

/** Compiles the JavaScript of `file`, which must be ASCII and must not import (V8's form of it cannot), and runs it. */
export function compileScript(file: string, { folder, purpose }: CodeCacheSettings): CompiledScript {
  const bytes = readFileSync(file)
  const cacheFile = folder === undefined ? undefined : join(folder, cacheName(bytes, purpose))
  const cachedData = cacheFile === undefined ? undefined : readChecked(cacheFile)
  const script = new Script(bytes.toString('latin1'), {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  })
  const fromCache = script.cachedDataRejected === false
  return {
    fromCache,
    value: script.runInThisContext(),
    keep: () => {
      if (folder === undefined || cacheFile === undefined || fromCache) return
      try {
        mkdirSync(folder, { recursive: true })
        removeForgotten(folder)
        writeChecked(cacheFile, script.createCachedData())
      } catch {
        // A folder that cannot be written, a full disk: the next run compiles again.
      }
    },
  }
}

/** V8 compares no more of the script than its length: the name tells scripts apart, and also V8s, which refuse each other's. */
function cacheName(script: Uint8Array, purpose: string): string {
  const machine = JSON.stringify([process.version, process.arch, cachedDataVersionTag(), purpose])
  return createHash('sha256').update(machine).update(script).digest('hex').slice(0, 32)
}

/** V8 trusts the bytes that it is given: damaged ones must not reach it. */
function readChecked(file: string): Buffer | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch {
    return undefined
  }
  const data = bytes.subarray(checksumBytes)
  return checksum(data).equals(bytes.subarray(0, checksumBytes)) ? data : undefined
}

function writeChecked(file: string, data: Buffer): void {
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, Buffer.concat([checksum(data), data]))
  renameSync(unfinished, file)
}

const checksumBytes = 32

function checksum(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest()
}

function removeForgotten(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    if (Date.now() - statSync(file).mtimeMs > keptMilliseconds) rmSync(file)
  }
}
