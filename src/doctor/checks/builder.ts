/** The builder: which driver, which nodes, and what it does with each platform. */
import { CodedError } from '../../base/index.ts'
import { type Builder, inspectBuilder } from '../../engines/buildkit/index.ts'
import { executionOf, nodeFor } from '../../forecast/index.ts'
import { formatPlatform, type Platform } from '../../oci/index.ts'
import type { Diagnosis } from '../diagnosis.ts'
import type { DoctorSettings } from '../ports.ts'
import type { EngineFacts } from './engine.ts'

/** Looks without starting nodes that do not run. */
export async function diagnoseBuilder(
  settings: DoctorSettings,
  engine: EngineFacts | CodedError,
  signal: AbortSignal,
): Promise<Diagnosis[]> {
  const { docker, builder: name, platforms, needsBuilder } = settings
  const verdict = needsBuilder ? 'error' : 'warning'
  try {
    const options = { signal, boot: false, ...(name === undefined ? {} : { builder: name }) }
    const builder = await inspectBuilder(docker, options)
    const classic = builder.driver === 'docker' && !(engine instanceof CodedError) && !engine.containerdStore
    if (classic && platforms.length > 1) return [singlePlatform(builder, verdict)]
    return [
      describeNodes(builder),
      ...platforms.map((platform) => describePlatform(builder, platform, verdict)),
    ]
  } catch (error) {
    if (!(error instanceof CodedError) || error.kind === 'interrupted') throw error
    return [
      {
        check: 'builder',
        verdict,
        text: error.message,
        meaning: 'Dockerfiles cannot be built',
        ...(error.hint ? { repair: error.hint } : {}),
        ...(engine instanceof CodedError || name !== undefined ? {} : { fix: { kind: 'builder' } }),
      },
    ]
  }
}

function singlePlatform({ name }: Builder, verdict: 'error' | 'warning'): Diagnosis {
  return {
    check: 'builder',
    verdict,
    text: `the builder ${name} (docker) makes one platform at a time`,
    meaning: 'an image of several platforms cannot be built with it',
    repair: 'docker buildx create --name everyarch --driver docker-container --use --bootstrap',
    fix: { kind: 'builder' },
  }
}

function describeNodes({ name, driver, nodes }: Builder): Diagnosis {
  const running = nodes.filter(({ platforms }) => platforms.length > 0)
  const count = nodes.length === 1 ? '1 node' : `${nodes.length} nodes`
  const text = `builder ${name} (${driver}), ${count}`
  if (running.length === nodes.length) return { check: 'builder', verdict: 'ok', text }
  const idle = nodes
    .filter(({ platforms }) => platforms.length === 0)
    .map((node) => `${node.name} is ${node.status}`)
  return {
    check: 'builder',
    verdict: 'warning',
    text: `${text}: ${idle.join(', ')}`,
    meaning: 'a build starts it first, or fails if it cannot',
    repair: `docker buildx inspect --bootstrap ${name}`,
  }
}

function describePlatform(builder: Builder, platform: Platform, verdict: 'error' | 'warning'): Diagnosis {
  const text = formatPlatform(platform)
  const node = nodeFor(builder, platform)
  switch (executionOf(builder, platform)) {
    case 'native':
      return { check: 'builder', verdict: 'ok', platform: text, text: `${text} is native on ${node?.name}` }
    case 'emulated':
      return {
        check: 'builder',
        verdict: 'ok',
        platform: text,
        text: `${text} is emulated on ${node?.name}`,
        meaning:
          'RUN steps for it are 5 to 15 times slower and may crash in QEMU: everyarch plan lists them, everyarch optimize removes them',
      }
    default:
      return {
        check: 'builder',
        verdict,
        platform: text,
        text: `${text} cannot be executed by the builder ${builder.name}`,
        meaning: 'a Dockerfile with RUN steps for it cannot be built',
        repair: `docker run --privileged --rm tonistiigi/binfmt --install ${platform.architecture}, or add a node: docker buildx create --append --name ${builder.name} --platform ${text} ADDRESS`,
        fix: { kind: 'emulator', architecture: platform.architecture },
      }
  }
}
