import { describe, expect, it } from 'vitest'
import { originOf } from './registry/origin.ts'
import { storeSettingsFrom } from './settings.ts'

describe('storeSettingsFrom', () => {
  it('looks where docker and podman look', () => {
    expect(storeSettingsFrom({}, '/home/jane')).toEqual({
      credentialFiles: ['/home/jane/.docker/config.json', '/home/jane/.config/containers/auth.json'],
      caFiles: [],
      certificateFolders: [
        '/home/jane/.config/containers/certs.d',
        '/home/jane/.docker/certs.d',
        '/etc/containers/certs.d',
        '/etc/docker/certs.d',
      ],
      docker: { configFolder: '/home/jane/.docker' },
    })
  })

  it('follows the variables', () => {
    const settings = storeSettingsFrom(
      {
        REGISTRY_AUTH_FILE: '/ci/auth.json',
        DOCKER_CONFIG: '/ci/docker',
        XDG_RUNTIME_DIR: '/run/user/1',
        NODE_EXTRA_CA_CERTS: '/ca.pem',
        SSL_CERT_FILE: '/ca.pem',
        HTTPS_PROXY: 'http://upper',
        https_proxy: 'http://lower',
        ALL_PROXY: 'http://all',
        NO_PROXY: 'internal',
        DOCKER_HOST: 'tcp://engine:2376',
        DOCKER_CONTEXT: 'work',
        DOCKER_TLS_VERIFY: '1',
      },
      '/root',
    )
    expect(settings).toMatchObject({
      credentialFiles: [
        '/ci/auth.json',
        '/ci/docker/config.json',
        '/run/user/1/containers/auth.json',
        '/root/.config/containers/auth.json',
      ],
      caFiles: ['/ca.pem'],
      proxy: { http: 'http://all', https: 'http://lower', no: 'internal' },
      docker: {
        host: 'tcp://engine:2376',
        context: 'work',
        tlsFolder: '/ci/docker',
        configFolder: '/ci/docker',
      },
    })
  })
})

describe('originOf', () => {
  it.each([
    ['docker.io', 'https://registry-1.docker.io/'],
    ['ghcr.io', 'https://ghcr.io/'],
    ['localhost', 'http://localhost/'],
    ['localhost:5000', 'http://localhost:5000/'],
    ['127.0.0.2:5000', 'http://127.0.0.2:5000/'],
    ['[::1]:5000', 'http://[::1]:5000/'],
    ['10.0.0.1:5000', 'https://10.0.0.1:5000/'],
    ['plain.example', 'http://plain.example/'],
    ['other.example:5000', 'http://other.example:5000/'],
    ['other.example', 'https://other.example/'],
    ['localhost.evil.example', 'https://localhost.evil.example/'],
    ['127.evil.example', 'https://127.evil.example/'],
  ])('%s is %s', (registry, expected) => {
    expect(originOf(registry, ['plain.example', 'other.example:5000']).href).toBe(expected)
  })
})
