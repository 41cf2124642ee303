import { describe, expect, it } from 'vitest'
import type { PlatformImage } from '../../platform-image.ts'
import { type ComposeModel, composeModelFor, singularPart } from './compose-model.ts'

const image = {
  platform: { os: 'linux', architecture: 'arm64' },
  config: { config: { WorkingDir: '/app' } },
} as unknown as PlatformImage
const changed = (model: ComposeModel, service = 'tests', env: Record<string, string> = {}) =>
  composeModelFor(model, {
    request: { file: '/shop/compose.yaml', service, env, readOnly: true, memory: 2 ** 30 },
    image,
    id: 'sha256:1',
    project: 'everyarch-1',
  })

describe('composeModelFor', () => {
  it('runs the service, and what is the same image, as the image under test', () => {
    const { services } = changed(
      {
        services: {
          tests: { build: { context: '/shop' }, restart: 'always', environment: { A: '1' } },
          migration: { build: { context: '/shop' }, command: ['migrate'] },
          db: { image: 'postgres:17' },
        },
      },
      'tests',
      { PRICE: '5$' },
    )
    const own = {
      image: 'sha256:1',
      platform: 'linux/arm64',
      pull_policy: 'never',
      mem_limit: '1073741824',
    }
    expect(services).toEqual({
      tests: { ...own, environment: { A: '1', PRICE: '5$$' }, read_only: true },
      migration: { ...own, command: ['migrate'] },
      db: { image: 'postgres:17' },
    })
  })

  it("takes out what is the machine's and the user's own", () => {
    const model = changed({
      name: 'shop',
      services: {
        tests: { image: 'shop' },
        db: { image: 'x', container_name: 'db', ports: ['5432:5432'], profiles: ['dev'] },
      },
      networks: { default: { name: 'shop_default' }, shared: { name: 'shared', external: true }, bare: null },
      volumes: { data: { name: 'precious' } },
    })
    expect(model).toMatchObject({
      name: 'everyarch-1',
      services: { db: { image: 'x' } },
      networks: { default: {}, shared: { name: 'shared', external: true }, bare: null },
      volumes: { data: {} },
    })
    expect(JSON.stringify(model)).not.toMatch(/precious|5432|container_name|shop_default|profiles/)
  })

  it('knows what two platforms cannot have at once', () => {
    expect(singularPart({ services: { db: { network_mode: 'host' } } })).toBe("db uses the machine's network")
    const ipam = { config: [{ subnet: '172.29.1.0/24' }] }
    expect(singularPart({ networks: { shop: { ipam } } })).toBe(
      'network shop has the addresses 172.29.1.0/24',
    )
    expect(
      singularPart({ services: { db: {} }, networks: { default: null, shop: { ipam: {} } } }),
    ).toBeUndefined()
    expect(singularPart({})).toBeUndefined()
  })

  it('leaves a bound of memory that the file sets', () => {
    const limited = { deploy: { resources: { limits: { memory: '300M' } } } }
    const { services } = changed({ services: { tests: limited, db: {} } })
    expect(services?.tests).toMatchObject(limited)
    expect(services?.tests?.mem_limit).toBeUndefined()
    const old = changed({ services: { tests: { mem_limit: '300M' } } })
    expect(old.services?.tests?.mem_limit).toBe('300M')
  })

  it('refuses a service that is not there, and a volume that hides the image', () => {
    expect(() => changed({ services: { app: {}, db: {} } })).toThrow(
      /no service tests in \/shop\/compose\.yaml: it has app, db/,
    )
    const over = (target: string) =>
      changed({ services: { tests: { volumes: [{ type: 'bind', source: '/home/me/shop', target }] } } })
    for (const target of ['/app', '/', '/app/']) expect(() => over(target)).toThrow(/would not be tested/)
    expect(over('/app/uploads').services?.tests?.image).toBe('sha256:1')
  })
})
