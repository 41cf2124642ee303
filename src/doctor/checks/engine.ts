/** The docker command, the engine behind it, buildx. */
import { CodedError } from '../../base/index.ts'
import {
  askDocker,
  type BuildxFeatures,
  buildxFeatures,
  engineFailure,
} from '../../engines/buildkit/index.ts'
import type { Diagnosis } from '../diagnosis.ts'
import type { DoctorSettings } from '../ports.ts'

export interface EngineFacts {
  version: string
  /** Go's name of its CPU */
  architecture: string
  /** it keeps all platforms of an image */
  containerdStore: boolean
  /** its folder, where it is on this machine */
  folder?: string
  time?: Date
  /** it runs on this machine */
  local: boolean
}

interface Info {
  ServerVersion?: string
  Architecture?: string
  DriverStatus?: unknown
  DockerRootDir?: string
  SystemTime?: string
}

/** The engine, or the reason why none answers. */
export async function findEngine(
  { docker }: DoctorSettings,
  signal: AbortSignal,
): Promise<EngineFacts | CodedError> {
  try {
    const { exitCode, stdout, stderr } = await askDocker(docker, ['info', '--format', '{{json .}}'], {
      signal,
    })
    const failed = engineFailure(`${stdout}\n${stderr}`)
    if (failed) return failed
    const info = exitCode === 0 ? (JSON.parse(stdout) as Info) : {}
    if (!info.ServerVersion) return engineFailure('Cannot connect to the Docker daemon') as CodedError
    const host = docker.env.DOCKER_HOST ?? ''
    const local = host === '' || host.startsWith('unix:') || host.startsWith('npipe:')
    const time = info.SystemTime === undefined ? undefined : new Date(info.SystemTime)
    return {
      version: info.ServerVersion,
      architecture: info.Architecture ?? 'unknown',
      containerdStore: JSON.stringify(info.DriverStatus ?? '').includes('io.containerd.snapshotter'),
      local,
      ...(local && info.DockerRootDir ? { folder: info.DockerRootDir } : {}),
      ...(time && !Number.isNaN(time.getTime()) ? { time } : {}),
    }
  } catch (error) {
    if (error instanceof CodedError && error.kind !== 'interrupted') return error
    throw error
  }
}

export function diagnoseEngine(
  engine: EngineFacts | CodedError,
  { needsBuilder }: DoctorSettings,
): Diagnosis[] {
  if (engine instanceof CodedError) {
    return [
      {
        check: 'docker',
        verdict: needsBuilder ? 'error' : 'warning',
        text: engine.message,
        meaning: needsBuilder
          ? 'the Dockerfile cannot be built; --engine direct builds the project without it'
          : 'not needed: without a Dockerfile images are made here; smoke tests then need podman, crun or root',
        ...(engine.hint ? { repair: engine.hint.replace('; `everyarch doctor` tells more', '') } : {}),
      },
    ]
  }
  const store: Diagnosis = engine.containerdStore
    ? {
        check: 'image-store',
        verdict: 'ok',
        text: 'the engine keeps all platforms of an image (containerd image store)',
      }
    : {
        check: 'image-store',
        verdict: 'warning',
        text: 'the engine keeps one platform of an image (classic image store)',
        meaning:
          'its own builder makes single-platform images only, and docker-daemon: outputs lose the other platforms',
        repair:
          'put {"features":{"containerd-snapshotter":true}} into /etc/docker/daemon.json and restart Docker, or use a builder of its own: everyarch setup',
      }
  return [
    { check: 'docker', verdict: 'ok', text: `Docker ${engine.version} (${engine.architecture}) answers` },
    store,
  ]
}

export async function diagnoseBuildx(
  { docker, needsBuilder }: DoctorSettings,
  signal: AbortSignal,
): Promise<Diagnosis> {
  try {
    const features: BuildxFeatures = await buildxFeatures(docker, { signal })
    const how = features.rawjson ? 'progress as JSON' : 'progress as text, which older versions have'
    return { check: 'buildx', verdict: 'ok', text: `buildx ${features.version} (${how})` }
  } catch (error) {
    if (!(error instanceof CodedError) || error.kind === 'interrupted') throw error
    return {
      check: 'buildx',
      verdict: needsBuilder ? 'error' : 'warning',
      text: error.message,
      meaning: 'Dockerfiles cannot be built',
      ...(error.hint ? { repair: error.hint } : {}),
    }
  }
}
