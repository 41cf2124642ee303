/** Real compilers' output for other machines: addons, programs and libraries for tests, each compiled once. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { muslFlags } from '../engines/musl.ts'

export const compilers = {
  amd64: 'gcc',
  arm64: 'aarch64-linux-gnu-gcc',
  arm: 'arm-linux-gnueabihf-gcc',
} as const
/** The musl ones need `ensureMusl`. */
export type Machine = keyof typeof compilers | 'amd64-musl' | 'arm64-musl'

const made = new Map<string, Buffer>()

/** Compiles C. `libraries` are linked against and named by file name; they are not part of the output. */
export function compile(
  machine: Machine,
  source: string,
  flags: readonly string[] = [],
  libraries: Record<string, Uint8Array> = {},
): Buffer {
  const key = JSON.stringify([machine, source, flags, Object.keys(libraries)])
  const known = made.get(key)
  if (known) return known
  const folder = mkdtempSync(join(tmpdir(), 'everyarch-compile-'))
  try {
    writeFileSync(join(folder, 'source.c'), source)
    for (const [name, bytes] of Object.entries(libraries)) writeFileSync(join(folder, name), bytes)
    const [program, ...own] = compilerOf(machine)
    const args = [...own, '-O1', '-o', 'output', 'source.c', ...Object.keys(libraries), ...flags]
    execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = readFileSync(join(folder, 'output'))
    made.set(key, output)
    return output
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function compilerOf(machine: Machine): [program: string, ...options: string[]] {
  if (machine === 'amd64-musl') return [compilers.amd64, ...muslFlags('amd64')]
  return machine === 'arm64-musl' ? [compilers.arm64, ...muslFlags('arm64')] : [compilers[machine]]
}

/** A shared library with one function, `everyarch_probe`, which has a symbol version when one is given. */
export function library(machine: Machine, soname: string, version?: string): Buffer {
  const versioned = version ? `__asm__(".symver probe, everyarch_probe@@${version}");` : ''
  const name = version ? 'probe' : 'everyarch_probe'
  const folder = mkdtempSync(join(tmpdir(), 'everyarch-version-'))
  try {
    const script = join(folder, 'versions')
    writeFileSync(script, `${version ?? 'ANY'} { global: everyarch_probe; };`)
    const flags = version ? [`-Wl,--version-script=${script}`] : []
    const source = `${versioned} int ${name}(void) { return 1; }`
    return compile(machine, source, ['-shared', '-fPIC', `-Wl,-soname,${soname}`, ...flags])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Calls the function of `library`. */
export const callsProbe = 'extern int everyarch_probe(void); int probe_it(void) { return everyarch_probe(); }'

const nodeApiEntry = 'void *napi_register_module_v1(void *env, void *exports) { return exports; }'

/** A Node-API addon that also calls and declares what is given. */
export function nodeApiAddon(
  machine: Machine,
  { calls = 'napi_create_object', version = 8 }: { calls?: string; version?: number } = {},
  flags: readonly string[] = [],
  libraries: Record<string, Uint8Array> = {},
  more = '',
): Buffer {
  const source = `
    #include <stdio.h>
    extern int ${calls}(void *env, void **result);
    ${nodeApiEntry}
    int node_api_module_get_api_version_v1(void) { return ${version}; }
    int use(void *env) { void *value; return ${calls}(env, &value) + printf("%p", value); }
    ${more}`
  return compile(machine, source, ['-shared', '-fPIC', ...flags], libraries)
}

/** An addon for one Node ABI, with the entry that Node looks up by name. */
export function abiAddon(machine: Machine, abi: number): Buffer {
  const source = `#include <stdio.h>
    void node_register_module_v${abi}(void *exports, void *module, void *context) { printf("%p", exports); }`
  return compile(machine, source, ['-shared', '-fPIC'])
}

/** An addon for one Node ABI that registers itself while it is loaded, as `NODE_MODULE` does (node.h). */
export function registeringAddon(machine: Machine, abi: number): Buffer {
  const source = `
    #include <stdio.h>
    struct node_module {
      int nm_version; unsigned int nm_flags; void *nm_dso_handle; const char *nm_filename;
      void (*nm_register_func)(void); void (*nm_context_register_func)(void);
      const char *nm_modname; void *nm_priv; struct node_module *nm_link;
    };
    extern void node_module_register(void *module);
    static void init(void) { puts("init"); }
    static struct node_module module = { ${abi}, 0, 0, "../src/binding.cc", init, 0, "binding", 0, 0 };
    static void __attribute__((constructor)) register_binding(void) { node_module_register(&module); }`
  return compile(machine, source, ['-shared', '-fPIC'])
}

export const helloProgram = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }'
