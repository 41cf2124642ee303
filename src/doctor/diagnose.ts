/** Everything that builds for other CPUs need of a machine, looked at; nothing is changed. */
import type { CancelOptions } from '../base/index.ts'
import { diagnoseBuilder } from './checks/builder.ts'
import { diagnoseEmulation } from './checks/emulation.ts'
import { diagnoseBuildx, diagnoseEngine, findEngine } from './checks/engine.ts'
import { diagnoseCertificates, diagnoseClock, diagnoseDisk } from './checks/machine.ts'
import { diagnoseRegistry } from './checks/registry.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { DoctorSettings } from './ports.ts'

/** In the order in which they depend on each other. Throws only for an interruption and for bugs. */
export async function diagnose(settings: DoctorSettings, { signal }: CancelOptions): Promise<Diagnosis[]> {
  const engine = await findEngine(settings, signal)
  const registries: Diagnosis[] = []
  for (const reference of settings.repositories)
    registries.push(await diagnoseRegistry(reference, settings, signal))
  const [buildx, builder, emulation, disk, certificates] = await Promise.all([
    diagnoseBuildx(settings, signal),
    diagnoseBuilder(settings, engine, signal),
    diagnoseEmulation(settings.platforms, signal),
    diagnoseDisk(settings, engine),
    diagnoseCertificates(settings),
  ])
  const docker = diagnoseEngine(engine, settings)
  const said = new Set(docker.map(({ text }) => text))
  return [
    ...docker,
    // Without an engine they have nothing of their own to say.
    ...[buildx, ...builder].filter(({ text }) => !said.has(text)),
    ...emulation,
    ...registries,
    ...disk,
    diagnoseClock(settings, engine),
    ...certificates,
  ]
}
