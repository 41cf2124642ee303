import { describe, expect, it } from 'vitest'
import { bundleConfig } from './bundle-config.ts'
import type { FolderRequest } from './root-folder.ts'

/** The parts of the OCI runtime specification that matter here. */
interface Bundle {
  process: {
    args: string[]
    env: string[]
    cwd: string
    user: { uid: number; gid: number }
    capabilities: Record<string, string[] | undefined>
  }
  root: { path: string; readonly: boolean }
  mounts: { destination: string; source: string; options?: string[] }[]
  linux: { namespaces: { type: string }[]; readonlyPaths: string[] }
}

const bundle = (uid = 0, request: Partial<FolderRequest> = {}): Bundle =>
  bundleConfig(
    {
      argv: ['node', 'a b'],
      env: { PATH: '/bin', EMPTY: '' },
      cwd: '/app',
      user: { uid, gid: 5, home: '/' },
    },
    '/tmp/root',
    { env: {}, ports: [], memory: 1 << 30, ownNetwork: false, ...request },
  ) as Bundle

describe('bundleConfig', () => {
  it("is the image's process in the image's root", () => {
    const { process, root } = bundle(1000)
    expect(process).toMatchObject({
      args: ['node', 'a b'],
      env: ['PATH=/bin', 'EMPTY='],
      cwd: '/app',
      user: { uid: 1000, gid: 5 },
    })
    expect(root).toEqual({ path: '/tmp/root', readonly: false })
    expect(bundle(0, { readOnly: true }).root.readonly).toBe(true)
  })

  it('has a network of its own only where it is asked for', () => {
    const types = (request?: Partial<FolderRequest>) =>
      bundle(0, request).linux.namespaces.map(({ type }) => type)
    expect(types()).toEqual(['pid', 'mount', 'ipc', 'uts'])
    expect(types({ ownNetwork: true })).toEqual(['pid', 'mount', 'ipc', 'uts', 'network'])
  })

  it('bounds memory where the runtime has to', () => {
    const settings = { argv: ['node'], env: {}, cwd: '/', user: { uid: 0, gid: 0, home: '/' } }
    const request = { env: {}, ports: [], memory: 1 << 30, ownNetwork: false }
    const resources = (bound?: number) =>
      (bundleConfig(settings, '/', request, bound) as { linux: { resources?: object } }).linux.resources
    expect(resources(1 << 20)).toEqual({ memory: { limit: 1 << 20 } })
    expect(resources()).toBeUndefined()
  })

  it('gives root what engines give it, and other users nothing', () => {
    const { effective, permitted, bounding } = bundle(0).process.capabilities
    expect(effective).toEqual(bounding)
    expect(permitted).toEqual(bounding)
    expect(bounding).toContain('CAP_NET_BIND_SERVICE')
    expect(bounding).not.toContain('CAP_SYS_ADMIN')
    expect(bundle(1000).process.capabilities).toMatchObject({ effective: [], permitted: [], bounding })
  })

  it("lets nothing of the machine's be written to", () => {
    const { mounts, linux } = bundle()
    const ofMachine = mounts.filter(({ source }) => source.startsWith('/'))
    expect(ofMachine.length).toBeGreaterThan(0)
    for (const { options } of ofMachine) expect(options).toContain('ro')
    expect(linux.readonlyPaths).toContain('/proc/sys')
  })
})
