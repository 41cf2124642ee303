/** A package whose install script compiles an addon from C, with nothing but a compiler. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../engines/run.ts'

const source = `
typedef void *napi_env, *napi_value;
int napi_create_int32(napi_env, int, napi_value *);
napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value answer;
  napi_create_int32(env, 42, &answer);
  return answer;
}
`

/** Writes `adder-1.0.0.tgz` into a folder. */
export async function packAddon(folder: string): Promise<void> {
  const addon = join(folder, 'adder')
  await mkdir(addon)
  const manifest = {
    name: 'adder',
    version: '1.0.0',
    main: 'adder.node',
    scripts: { install: 'gcc -O2 -shared -fPIC -o adder.node adder.c' },
  }
  await writeFile(join(addon, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(addon, 'adder.c'), source)
  await run('npm', ['pack', './adder'], { cwd: folder })
  await rm(addon, { recursive: true })
}
