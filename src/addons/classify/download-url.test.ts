import { describe, expect, it } from 'vitest'
import { parsePlatform } from '../../oci/index.ts'
import { downloadTemplate, downloadUrl } from './download-url.ts'
import type { ScriptReading } from './read-scripts.ts'

function url(
  downloader: NonNullable<ScriptReading['downloader']>,
  command: string,
  manifest: Record<string, unknown>,
  platform = 'linux/arm64',
  libc: 'glibc' | 'musl' = 'musl',
) {
  const template = downloadTemplate({ commands: [command], downloader }, manifest)
  const target = { platform: parsePlatform(platform), libc, nodeVersion: '22.23.0' }
  return template && downloadUrl(template, target)
}

const named = { name: '@acme/db', version: '1.2.3', repository: 'git+https://github.com/acme/db-node.git' }

describe('downloadUrl', () => {
  it('of prebuild-install, by NODE_MODULE_VERSION', () => {
    const releases = 'https://github.com/acme/db-node/releases/download'
    expect(url('prebuild-install', 'prebuild-install', named)).toBe(
      `${releases}/v1.2.3/db-v1.2.3-node-v127-linuxmusl-arm64.tar.gz`,
    )
    expect(url('prebuild-install', 'prebuild-install', named, 'linux/arm/v7', 'glibc')).toBe(
      `${releases}/v1.2.3/db-v1.2.3-node-v127-linux-arm.tar.gz`,
    )
    expect(url('prebuild-install', 'prebuild-install --tag-prefix db@', named)).toContain('/db@1.2.3/')
  })

  it('of prebuild-install, for Node-API: the newest version that the Node has', () => {
    const binary = { napi_versions: [3, 8, 99] }
    expect(url('prebuild-install', 'prebuild-install -r napi', { ...named, binary })).toContain(
      'db-v1.2.3-napi-v8-linuxmusl-arm64',
    )
    expect(url('prebuild-install', 'prebuild-install --runtime=napi', named)).toContain('-napi-v3-')
  })

  it('of prebuild-install, from a host of its own', () => {
    const binary = { host: 'https://files.example.com/', remote_path: './{name}/{major}.x/' }
    expect(url('prebuild-install', 'prebuild-install', { ...named, binary })).toBe(
      'https://files.example.com/db/1.x/db-v1.2.3-node-v127-linuxmusl-arm64.tar.gz',
    )
  })

  it('of node-pre-gyp', () => {
    const binary = {
      module_name: 'db_lib',
      module_path: './lib/',
      host: 'https://files.example.com',
      remote_path: './v{version}/',
      package_name: '{module_name}-{node_napi_label}-{platform}-{arch}-{libc}.tar.gz',
      napi_versions: [3],
    }
    expect(url('node-pre-gyp', 'node-pre-gyp install --fallback-to-build', { ...named, binary })).toBe(
      'https://files.example.com/v1.2.3/db_lib-napi-v3-linux-arm64-musl.tar.gz',
    )
    const odd = { ...binary, package_name: '{module_name}-{libc_version}.tar.gz' }
    expect(url('node-pre-gyp', 'node-pre-gyp install', { ...named, binary: odd })).toBeUndefined()
  })

  it('of install-artifact-from-github', () => {
    const command = 'install-from-cache --artifact build/Release/re2.node --host-var MIRROR'
    expect(url('install-artifact-from-github', command, named)).toBe(
      'https://github.com/acme/db-node/releases/download/1.2.3/linux-musl-arm64-127.br',
    )
    expect(url('install-artifact-from-github', `${command} --napi 8`, named)).toContain('arm64-napi-v8.br')
  })

  it('is undefined for scripts of their own, and without what the template needs', () => {
    expect(url('custom', 'node install.js', named)).toBeUndefined()
    expect(url('prebuild-install', 'prebuild-install', { name: 'x', version: '1.0.0' })).toBeUndefined()
    expect(
      url('prebuild-install', 'prebuild-install', { ...named, repository: 7, binary: [] }),
    ).toBeUndefined()
  })
})
