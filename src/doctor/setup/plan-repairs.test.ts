import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../diagnosis.ts'
import { planRepairs, type RepairFacts } from './plan-repairs.ts'
import { stepText } from './repair.ts'

const emulator: Diagnosis = {
  check: 'binfmt',
  verdict: 'warning',
  text: 'linux/arm64: no QEMU handler is registered',
  fix: { kind: 'emulator', architecture: 'arm64' },
}
const builder: Diagnosis = { check: 'builder', verdict: 'error', text: 'none', fix: { kind: 'builder' } }
const facts = (change: Partial<RepairFacts>): RepairFacts => ({
  root: true,
  apt: true,
  mounted: true,
  engine: true,
  ownBuilder: false,
  ...change,
})
const commands = (diagnoses: Diagnosis[], change: Partial<RepairFacts> = {}) =>
  planRepairs(diagnoses, facts(change)).repairs.flatMap(({ steps }) =>
    steps.filter(({ kind }) => kind !== 'undo').map(stepText),
  )

describe('planRepairs', () => {
  it('QEMU comes from the distribution for root on Debian, mounted and registered where nothing does it', () => {
    expect(commands([emulator, emulator], { mounted: false })).toEqual([
      'mount -t binfmt_misc none /proc/sys/fs/binfmt_misc',
      'apt-get install --yes --no-install-recommends qemu-user-static',
      'cat /usr/lib/binfmt.d/qemu-aarch64.conf > /proc/sys/fs/binfmt_misc/register',
    ])
  })

  it.each([{ root: false }, { apt: false }])('else from the helper container: %j', (change) => {
    expect(commands([emulator], change)).toEqual([
      'docker run --privileged --rm tonistiigi/binfmt --install arm64',
    ])
  })

  it('without an engine and without rights it is left to the user', () => {
    const plan = planRepairs([emulator, builder], facts({ root: false, engine: false }))
    expect(plan).toEqual({ repairs: [], byHand: [emulator, builder] })
  })

  it('a builder of our own is made once, then only chosen', () => {
    expect(commands([builder])).toEqual([
      'docker buildx create --name everyarch --driver docker-container --bootstrap',
      'docker buildx use everyarch',
    ])
    expect(commands([builder], { ownBuilder: true })[0]).toBe('docker buildx inspect --bootstrap everyarch')
  })

  it('what is well is left alone', () => {
    const well: Diagnosis = { ...emulator, verdict: 'ok' }
    expect(planRepairs([well], facts({}))).toEqual({ repairs: [], byHand: [] })
  })
})
