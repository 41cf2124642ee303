/** What goes wrong with Dockerfiles and builders: one clear error each, with place and advice, and never a tag. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyarch } from '../build/everyarch.ts'
import { plainService, type ProjectFolder, projectFolder } from '../build/project-folder.ts'
import { pushNodeBaseImage } from '../engines/base-image.ts'
import { type RemoteBuildKit, startRemoteBuildKit } from '../engines/buildkit-remote.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'

interface Failure {
  code: string
  message: string
  hint: string
  exitCode: number
}

describeWith(['docker', 'qemu', 'registry', 'base-image'], 'bad input', () => {
  let folder: string
  let registry: Registry
  let base: string
  let project: ProjectFolder
  const dockers = new Map<'newest' | 'stable', Docker>()
  let remote: RemoteBuildKit

  beforeAll(async () => {
    await ensureQemu(['arm64'])
    folder = await mkdtemp(join(tmpdir(), 'everyarch-bad-'))
    registry = await startRegistry()
    base = await pushNodeBaseImage(registry)
    for (const buildx of ['newest', 'stable'] as const) dockers.set(buildx, await startDocker({ buildx }))
    const newest = dockers.get('newest') as Docker
    remote = await startRemoteBuildKit(newest)
    await newest.docker(['buildx', 'create', '--name', 'far', '--driver', 'remote', remote.address])
    await newest.docker(['buildx', 'create', '--name', 'dead', '--driver', 'remote', 'tcp://127.0.0.1:9'])
    project = await projectFolder(plainService)
  })
  afterAll(async () => {
    await remote.stop()
    for (const docker of dockers.values()) await docker.stop()
    await registry.stop()
    await project[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const fail = async (
    dockerfile: string,
    flags: readonly string[] = [],
    {
      buildx = 'newest' as const,
      env = {},
    }: { buildx?: 'newest' | 'stable'; env?: Record<string, string> } = {},
  ): Promise<Failure> => {
    await project.write({ Dockerfile: dockerfile.replaceAll('BASE_IMAGE', base) })
    const args = ['build', project.path, '--tag', `${registry.host}/bad:1`, '--push', '--no-smoke', '--json']
    const outcome = await everyarch([...args, ...flags], {
      cwd: folder,
      env: { ...dockers.get(buildx)?.env, EVERYARCH_CACHE_DIR: join(folder, 'cache'), ...env },
    })
    expect(outcome.stderr).not.toMatch(/\n\s+at /)
    expect((await fetch(`http://${registry.host}/v2/bad/tags/list`)).status).toBe(404)
    const { error, exitCode } = JSON.parse(outcome.stdout) as {
      error: Omit<Failure, 'exitCode'>
      exitCode: number
    }
    expect(exitCode).toBe(outcome.exitCode)
    return { ...error, hint: error.hint ?? '', exitCode }
  }

  const arm = ['--platform', 'linux/arm64']
  const dockerfiles: [
    title: string,
    dockerfile: string,
    flags: string[],
    code: string,
    exitCode: number,
    says: RegExp,
  ][] = [
    [
      'an instruction that does not exist',
      'FROM BASE_IMAGE\nRUNN x\n',
      [],
      'DOCKERFILE_INVALID',
      2,
      /Dockerfile:2: .*RUNN[^]*2 \| RUNN x/,
    ],
    [
      'a base that is empty',
      'ARG IMAGE\nFROM ${IMAGE}\n',
      [],
      'BUILD_ARGUMENT_MISSING',
      2,
      /Dockerfile:2: .*--build-arg/s,
    ],
    [
      'a variable that is required',
      'FROM BASE_IMAGE\nARG V\nENV A=${V:?needed}\n',
      [],
      'BUILD_ARGUMENT_MISSING',
      2,
      /V is not set: needed/,
    ],
    [
      'a secret that is not given',
      'FROM BASE_IMAGE\nRUN --mount=type=secret,id=npmrc,required=true true\n',
      [],
      'SECRET_MISSING',
      2,
      /Dockerfile:2: the secret npmrc.*--secret/s,
    ],
    [
      'a secret file that is not there',
      'FROM BASE_IMAGE\nRUN true\n',
      ['--secret', 'id=x,src=/nowhere'],
      'SECRET_MISSING',
      2,
      /nowhere/,
    ],
    [
      'a base without the platform',
      'FROM BASE_IMAGE\nCOPY server.js /\n',
      ['--platform', 'linux/s390x'],
      'BASE_LACKS_PLATFORM',
      2,
      /linux\/s390x/,
    ],
    ['a base that does not exist', 'FROM 127.0.0.1:1/nothing:1\n', [], 'BASE_UNAVAILABLE', 3, /nothing:1/],
    [
      'a file that is not in the context',
      'FROM BASE_IMAGE\nCOPY nowhere.js /\n',
      [],
      'CONTEXT_INVALID',
      2,
      /Dockerfile:2: .*nowhere\.js/,
    ],
    [
      'a stage that does not exist',
      'FROM BASE_IMAGE\n',
      ['--target', 'nothing'],
      'STAGE_MISSING',
      2,
      /no stage nothing/,
    ],
    [
      'an entitlement that was not given',
      'FROM BASE_IMAGE\nRUN --network=host true\n',
      [],
      'ENTITLEMENT_MISSING',
      2,
      /network\.host/,
    ],
    [
      'a step that fails',
      'FROM BASE_IMAGE\nRUN echo the reason && exit 3\n',
      [],
      'STEP_FAILED',
      1,
      /Dockerfile:2: .*exit code 3[^]*the reason/,
    ],
    [
      'a program that does not exist',
      'FROM BASE_IMAGE\nRUN nothing-of-the-kind\n',
      [],
      'STEP_FAILED',
      1,
      /exit code 127/,
    ],
    [
      'a crash under emulation',
      `FROM BASE_IMAGE\nRUN sh -c 'kill -SEGV $$'\n`,
      arm,
      'EMULATION_CRASHED',
      3,
      /crashed in QEMU.*optimize/s,
    ],
    [
      'an illegal instruction under emulation',
      'FROM BASE_IMAGE\nRUN exit 132\n',
      arm,
      'EMULATION_CRASHED',
      3,
      /illegal instruction/,
    ],
    [
      'the same exit code of a native program',
      'FROM BASE_IMAGE\nRUN exit 132\n',
      ['--platform', 'linux/amd64'],
      'STEP_FAILED',
      1,
      /exit code 132/,
    ],
    [
      'a hang under emulation',
      'FROM BASE_IMAGE\nRUN sleep 600\n',
      [...arm, '--emulation-timeout', '0.05'],
      'STEP_SILENT',
      3,
      /printed nothing for 3 s/,
    ],
    [
      'a builder that is not there',
      'FROM BASE_IMAGE\n',
      ['--builder', 'nothing', '--engine', 'buildkit'],
      'BUILDER_UNKNOWN',
      2,
      /no builder nothing/,
    ],
    [
      'a cache that is none',
      'FROM BASE_IMAGE\n',
      ['--cache-to', 'type='],
      'CACHE_OPTION_INVALID',
      2,
      /--cache-to/,
    ],
    [
      'a flag of the other engine',
      'FROM BASE_IMAGE\n',
      ['--entrypoint', 'node'],
      'INVALID_FLAG',
      2,
      /--entrypoint/,
    ],
    [
      'a flag of this engine for the other',
      'FROM BASE_IMAGE\n',
      ['--engine', 'direct', '--target', 'x'],
      'INVALID_FLAG',
      2,
      /--target/,
    ],
    [
      'a file that is no Dockerfile',
      'FROM BASE_IMAGE\n',
      ['--file', 'nowhere'],
      'DOCKERFILE_NOT_FOUND',
      2,
      /nowhere/,
    ],
  ]
  describe.each(['newest', 'stable'] as const)('with the %s buildx', (buildx) => {
    it.each(dockerfiles)('%s', async (title, dockerfile, flags, code, exitCode, says) => {
      if (buildx === 'stable' && flags.includes('--builder')) return
      const failure = await fail(dockerfile, flags, { buildx })
      expect(failure).toMatchObject({ code, exitCode })
      expect(`${failure.message}\n${failure.hint}`).toMatch(says)
    })
  })

  it('no engine: nothing is switched silently', async () => {
    const failure = await fail('FROM BASE_IMAGE\n', [], { env: { DOCKER_HOST: 'unix:///nowhere.sock' } })
    expect(failure).toMatchObject({ code: 'ENGINE_UNAVAILABLE', exitCode: 3 })
    expect(failure.message).toContain('no Docker engine answers at unix:///nowhere.sock')
    expect(failure.hint).toContain('--engine direct leaves the Dockerfile aside')
  })

  it('no docker command', async () => {
    const failure = await fail('FROM BASE_IMAGE\n', ['--engine', 'buildkit'], { env: { PATH: '/nowhere' } })
    expect(failure).toMatchObject({ code: 'DOCKER_MISSING', exitCode: 3 })
  })

  it('a builder that does not answer', async () => {
    const failure = await fail('FROM BASE_IMAGE\n', ['--engine', 'buildkit', '--builder', 'dead'])
    expect(failure).toMatchObject({ code: 'BUILDER_UNREACHABLE', exitCode: 3 })
  })

  it('a builder without the platform, unless nothing of the platform runs', async () => {
    const flags = ['--platform', 'linux/s390x']
    const failure = await fail('FROM BASE_IMAGE\nRUN true\n', flags)
    expect(failure).toMatchObject({ code: 'BUILDER_LACKS_PLATFORM', exitCode: 3 })
    expect(failure.hint).toContain('everyarch setup')
  })

  it('a registry that refuses what a distant builder pushes', async () => {
    const closed = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(closed, 'listening')
    try {
      const { port } = closed.address() as { port: number }
      const flags = ['--builder', 'far', '--tag', `127.0.0.1:${port}/bad:1`]
      await project.write({
        Dockerfile: `FROM ${base}\nCOPY server.js /app/\nWORKDIR /app\nCMD ["node","server.js"]\n`,
      })
      const outcome = await everyarch(['build', project.path, '--push', '--no-smoke', '--json', ...flags], {
        cwd: folder,
        env: { ...dockers.get('newest')?.env, EVERYARCH_CACHE_DIR: join(folder, 'cache') },
      })
      expect(outcome.exitCode).toBe(3)
      expect(JSON.parse(outcome.stdout)).toMatchObject({ error: { code: 'PUSH_REFUSED' } })
    } finally {
      closed.close()
    }
  })

  it('an engine that dies while it builds', async () => {
    const engine = await startDocker({ buildx: 'newest' })
    await project.write({ Dockerfile: `FROM ${base}\nRUN echo begun; sleep 600\n` })
    const building = everyarch(
      [
        'build',
        project.path,
        '--tag',
        `${registry.host}/bad:1`,
        '--push',
        '--json',
        '--progress',
        'json',
        '--platform',
        'linux/amd64',
      ],
      { cwd: folder, env: { ...engine.env, EVERYARCH_CACHE_DIR: join(folder, 'cache') } },
    )
    setTimeout(() => void engine.stop(), 8000)
    const outcome = await building
    expect(outcome.exitCode).toBe(3)
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      error: { code: expect.stringMatching(/^ENGINE_(?:LOST|UNREACHABLE)$/) as string },
    })
  })
})
