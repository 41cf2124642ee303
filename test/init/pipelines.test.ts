/** The pipelines that `init` writes, run step by step on a real engine and registry: what they push, and what they do not. */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { everyarch } from '../build/everyarch.ts'
import { pushNodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { run } from '../engines/run.ts'
import { inspectRaw } from '../engines/skopeo.ts'
import { runWorkflow } from './run-workflow.ts'
import { sampleApps, writeSampleApp } from './sample-apps.ts'

const repository = resolve(import.meta.dirname, '../..')

describeWith(['docker', 'qemu', 'registry', 'base-image', 'git'], 'a pipeline that init wrote', () => {
  let folder: string
  let registry: Registry
  let docker: Docker
  let project: string
  let base: string
  let env: Record<string, string>

  beforeAll(async () => {
    await ensureQemu(['arm64'])
    await run('node', ['scripts/build.mjs'], { cwd: repository })
    folder = await mkdtemp(join(tmpdir(), 'everyarch-pipelines-'))
    registry = await startRegistry()
    base = await pushNodeBaseImage(registry)
    docker = await startDocker()
    project = await writeSampleApp(sampleApps['plain JavaScript'] as (typeof sampleApps)[string])
    const programs = join(folder, 'bin')
    await mkdir(programs)
    // The registry has no release of everyarch yet. Containers of this engine reach the network through the host's.
    const shim = `#!/bin/sh\nshift 2\ncase "$*" in "build --engine buildkit"*) set -- "$@" --network host ;; esac\nexec node ${repository}/dist/cli.js "$@"\n`
    await writeFile(join(programs, 'npx'), shim)
    await chmod(join(programs, 'npx'), 0o755)
    const git = (...args: string[]) => run('git', args, { cwd: project })
    await git('init', '--quiet', '--initial-branch=main')
    await git('add', '.')
    await git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=first')
    const revision = (await git('rev-parse', 'HEAD')).trim()
    env = {
      ...docker.env,
      PATH: `${programs}:${docker.env.PATH}`,
      HOME: folder,
      EVERYARCH_CACHE_DIR: join(folder, 'cache'),
      GITHUB_ACTIONS: 'true',
      GITHUB_SHA: revision,
      GITHUB_REPOSITORY: 'acme/shop',
    }
  })
  afterAll(async () => {
    await docker.stop()
    await registry.stop()
    await rm(project, { recursive: true, force: true })
    await rm(folder, { recursive: true, force: true })
  })

  async function init(name: string, ...flags: string[]): Promise<string> {
    const image = `${registry.host}/acme/${name}`
    const args = ['init', '--yes', '--force', '--image', image, '--base', base, ...flags]
    await rm(join(project, 'everyarch.config.json'), { force: true })
    const outcome = await everyarch(args, { cwd: project, env })
    expect(outcome).toMatchObject({ exitCode: 0 })
    return image
  }
  const tagsOf = async (name: string) => {
    const answer = await fetch(`http://${registry.host}/v2/acme/${name}/tags/list`)
    const { tags } = (await answer.json()) as { tags?: string[] | null }
    return (tags ?? []).filter((tag) => !tag.startsWith('buildcache')).sort()
  }
  const platformsOf = async (image: string) => {
    const { manifests } = JSON.parse(await inspectRaw(`docker://${image}`)) as {
      manifests: { platform?: { architecture: string } }[]
    }
    return manifests.map(({ platform }) => platform?.architecture).filter((name) => name !== 'unknown')
  }
  const sha = () => `sha-${(env.GITHUB_SHA ?? '').slice(0, 7)}`

  /** The lines of the checklist before a deploy that are not done. */
  const openPoints = async (image: string) => {
    const { stdout, stderr } = await everyarch(['check', '--deploy', image, '--json'], { cwd: project, env })
    expect(stderr).toBe('')
    const { checklist } = JSON.parse(stdout) as { checklist: { id: string; state: string }[] }
    return checklist.filter(({ state }) => state !== 'done').map(({ id }) => id)
  }
  const removeTag = async (name: string, tag: string) => {
    const manifests = `http://${registry.host}/v2/acme/${name}/manifests`
    const headers = {
      accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json',
    }
    const { headers: found } = await fetch(`${manifests}/${tag}`, { method: 'HEAD', headers })
    const { status } = await fetch(`${manifests}/${found.get('docker-content-digest')}`, { method: 'DELETE' })
    expect(status).toBe(202)
  }

  it.each(['direct', 'split', 'emulated'])('on GitHub: %s', async (shape) => {
    const image = await init(shape, '--ci', 'github', '--shape', shape)
    const text = await readFile(join(project, '.github/workflows/image.yml'), 'utf8')
    const requested = { ...env, GITHUB_REF: 'refs/pull/7/merge' }
    const tested = await runWorkflow(text, { project, event: 'pull_request', env: requested })
    expect(tested).toEqual(Array(shape === 'split' ? 2 : 1).fill('Build and test'))
    expect(await tagsOf(shape)).toEqual([])
    const pushed = { ...env, GITHUB_REF: 'refs/heads/main' }
    const published = await runWorkflow(text, { project, event: 'push', env: pushed })
    expect(published.at(-1)).toBe(shape === 'split' ? 'Merge and tag' : 'Build, test and publish')
    expect(await tagsOf(shape)).toEqual(['latest', 'main', sha()].sort())
    expect(await platformsOf(`${image}:latest`)).toEqual(['amd64', 'arm64'])
    expect(await openPoints(`${image}:latest`)).toEqual([])
    if (shape !== 'split') return
    await removeTag('split', 'buildcache-arm64')
    expect(await openPoints(`${image}:latest`)).toEqual(['cache'])
  })

  it('on GitLab: the script of the job', async () => {
    const image = await init('gitlab', '--ci', 'gitlab', '--shape', 'direct')
    const pipeline = parse(await readFile(join(project, '.gitlab-ci.yml'), 'utf8')) as {
      'build-image': { script: string[]; before_script: string[][] }
    }
    const { before_script, script } = pipeline['build-image']
    const job = [...before_script.flat(), ...script].join('\n')
    const { GITHUB_ACTIONS: _, ...outside } = env
    const variables = { ...outside, IMAGE: image, GITLAB_CI: 'true', CI_COMMIT_SHA: env.GITHUB_SHA ?? '' }
    const request = { ...variables, CI_PIPELINE_SOURCE: 'merge_request_event' }
    await run('bash', ['-e', '-c', job], {
      cwd: project,
      env: { ...request, DOCKER_CONFIG: docker.env.DOCKER_CONFIG },
    })
    expect(await tagsOf('gitlab')).toEqual([])
    const release = { ...variables, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_TAG: 'v1.4.2' }
    await run('bash', ['-e', '-c', job], { cwd: project, env: release })
    expect(await tagsOf('gitlab')).toEqual(['1', '1.4', '1.4.2', sha()])
  })

  it('anywhere: the shell script', async () => {
    const image = await init('shell', '--ci', 'shell', '--shape', 'direct')
    const { GITHUB_ACTIONS: _, ...outside } = env
    const script = join(project, 'ci/image.sh')
    await run(script, [], { cwd: folder, env: outside })
    expect(await tagsOf('shell')).toEqual([])
    await run(script, ['publish'], { cwd: folder, env: outside })
    expect(await tagsOf('shell')).toEqual(['latest', 'main', sha()].sort())
    expect(await platformsOf(`${image}:main`)).toEqual(['amd64', 'arm64'])
  })
})
