/** skopeo, as an independent judge of what we write. Its transports name the places: `docker://`, `oci:`, `docker-archive:`… */
import { run } from './run.ts'

/** What `skopeo inspect --raw` prints of a place: the bytes of its index or manifest. */
export function inspectRaw(image: string): Promise<string> {
  return run('skopeo', ['inspect', '--raw', '--tls-verify=false', image])
}

/** Copies an image with all its platforms, checking every digest on the way. */
export async function copyImage(from: string, to: string): Promise<void> {
  await run('skopeo', ['copy', '--all', ...insecure, from, to])
}

/** Copies the one manifest of a multi-platform image that a machine of this platform would choose. */
export async function copyPlatform(from: string, to: string, platform: string): Promise<void> {
  const [os = '', architecture = '', variant] = platform.split('/')
  const override = [`--override-os=${os}`, `--override-arch=${architecture}`]
  if (variant) override.push(`--override-variant=${variant}`)
  await run('skopeo', [...override, 'copy', ...insecure, from, to])
}

const insecure = ['--insecure-policy', '--src-tls-verify=false', '--dest-tls-verify=false']

interface ImageConfig {
  config: { Env?: string[]; Labels?: Record<string, string>; WorkingDir?: string }
}

/** The configuration of an image in a registry, for a machine of this architecture. */
export async function inspectConfig(reference: string, architecture: string): Promise<ImageConfig> {
  const args = [
    '--override-os=linux',
    `--override-arch=${architecture}`,
    'inspect',
    '--config',
    '--tls-verify=false',
  ]
  return JSON.parse(await run('skopeo', [...args, `docker://${reference}`])) as ImageConfig
}
