/** Real packages, installed by npm for any platform without running a script, and the layer that they make. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { mediaTypes } from '../../src/oci/index.ts'
import { run } from '../engines/run.ts'
import { storedLayer, type TestLayer } from './image.ts'

/** An application in `folder` that depends on these packages, each `name@version`. */
export async function installPackages(
  folder: string,
  packages: readonly string[],
  { cpu, libc }: { cpu: string; libc: string },
): Promise<void> {
  const dependencies = Object.fromEntries(
    packages.map((specifier) => {
      const at = specifier.lastIndexOf('@')
      return [specifier.slice(0, at), specifier.slice(at + 1)]
    }),
  )
  await mkdir(folder, { recursive: true })
  await writeFile(`${folder}/package.json`, JSON.stringify({ name: 'app', version: '1.0.0', dependencies }))
  const quiet = ['--no-package-lock', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  const platform = ['--os=linux', `--cpu=${cpu}`, `--libc=${libc}`]
  await run('npm', ['install', '--ignore-scripts', ...platform, ...quiet], { cwd: folder })
}

/** The folder's content as a layer, below `place` in the image. */
export async function packFolder(folder: string, place: string): Promise<TestLayer> {
  const archive = `${folder}.tar`
  const options = ['--create', '--file', archive, `--transform=s,^\\./,${place}/,`, '--directory', folder]
  await run('tar', [...options, './package.json', './node_modules'])
  const bytes = await readFile(archive)
  await rm(archive)
  return storedLayer(bytes, mediaTypes.ociLayer)
}
