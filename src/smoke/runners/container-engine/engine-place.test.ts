import { describe, expect, it } from 'vitest'
import { openCache } from '../../../store/index.ts'
import { EngineCommand } from './engine-command.ts'
import { parseRemote, placeVariables, publishedAddress, publishing } from './engine-place.ts'

const place = (address: string) => ({
  command: new EngineCommand('docker', {}),
  remote: parseRemote(address),
  cache: openCache('/nowhere'),
})

describe('parseRemote', () => {
  it.each([
    'unix:///var/run/docker.sock',
    'npipe:////./pipe/docker_engine',
    'tcp://127.0.0.1:2375',
    'tcp://[::1]:2375',
    '',
  ])('knows that %j is on this machine', (address) => {
    expect(parseRemote(address)).toBeUndefined()
  })

  it('tells a host that is reached directly from one behind SSH', () => {
    expect(parseRemote('tcp://arm.example:2376')).toEqual({ host: 'arm.example' })
    expect(parseRemote('ssh://ci@arm.example:2222')).toEqual({
      host: 'arm.example',
      ssh: ['ssh', '-o', 'BatchMode=yes', '-l', 'ci', '-p', '2222', '--', 'arm.example'],
    })
    expect(parseRemote('ssh://localhost')?.ssh).toEqual(['ssh', '-o', 'BatchMode=yes', '--', 'localhost'])
  })
})

describe('a published port', () => {
  it('is open to this machine alone, unless the engine is reached over the network', () => {
    expect(publishing(3000, undefined)).toBe('127.0.0.1::3000')
    expect(publishing(3000, parseRemote('ssh://arm.example'))).toBe('127.0.0.1::3000')
    expect(publishing(3000, parseRemote('tcp://arm.example:2376'))).toBe('3000')
  })

  it('is reached where it is', () => {
    expect(publishedAddress(41_000, place('unix:///run/docker.sock'))).toEqual({
      host: '127.0.0.1',
      port: 41_000,
    })
    expect(publishedAddress(41_000, place('tcp://arm.example:2376'))).toEqual({
      host: 'arm.example',
      port: 41_000,
    })
    expect(publishedAddress(41_000, place('ssh://arm.example'))).toMatchObject({
      through: ['ssh', '-W', '127.0.0.1:41000', '-o', 'BatchMode=yes', '--', 'arm.example'],
    })
  })
})

describe('placeVariables', () => {
  it('takes an address, or the name of a context', () => {
    expect(placeVariables('ssh://ci@arm.example')).toEqual({ DOCKER_HOST: 'ssh://ci@arm.example' })
    expect(placeVariables('arm-builder')).toEqual({ DOCKER_CONTEXT: 'arm-builder' })
    expect(() => placeVariables('ssh://[')).toThrow(/no address/)
  })
})
