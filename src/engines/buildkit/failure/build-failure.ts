/** From the end of buildx's output to one coded error: what failed where in the Dockerfile, and what to do. */
import { formatPlatform } from '../../../oci/index.ts'
import type { BuildkitError, BuildkitErrorCode } from '../buildkit-error.ts'
import { type Complaint, type FailedBuild, failure } from './complaint.ts'
import { engineFailure } from './engine-failure.ts'
import { findSourcePlace } from './source-excerpt.ts'
import { stepFailure } from './step-failure.ts'

/** Never throws; what it has no words for is `BUILD_FAILED` with BuildKit's own. */
export function buildFailure(build: FailedBuild): BuildkitError {
  const text = build.lines.join('\n')
  const message = finalMessage(build.lines)
  const place = findSourcePlace(build.lines)
  const at = place ? `${build.file}:${place.line}: ` : ''
  const complaint: Complaint = { ...build, message, place, at }
  return (
    engineFailure(text) ??
    lostEngine(complaint) ??
    stepFailure(complaint) ??
    knownFailure(complaint) ??
    failure(complaint, 'BUILD_FAILED', `${at}${message}`, 'gate')
  )
}

function finalMessage(lines: readonly string[]): string {
  const last =
    lines.findLast((line) => line.startsWith('ERROR: ') && !/\.Write failed/.test(line)) ??
    lines.findLast((line) => line.trim() !== '') ??
    'the docker command said nothing'
  return last.replace(/^ERROR: /, '').replaceAll(/^(?:failed to (?:build|solve): )+/g, '')
}

function lostEngine(complaint: Complaint): BuildkitError | undefined {
  const lost =
    /error reading from server|transport is closing|rpc error: code = Unavailable|connection reset by peer|broken pipe|unexpected EOF|use of closed network connection|graceful_stop|context deadline exceeded: no such job|no active session/i
  if (
    !lost.test(complaint.message) ||
    /failed to push|failed to resolve|failed to do request/.test(complaint.message)
  )
    return undefined
  return failure(
    complaint,
    'ENGINE_LOST',
    `the builder went away during the build: ${complaint.message}`,
    'environment',
    [
      'nothing was tagged; see whether it runs (`everyarch doctor`) and build again: finished steps are cached',
    ],
  )
}

interface Known {
  pattern: RegExp
  code: BuildkitErrorCode
  kind: 'gate' | 'usage' | 'environment'
  message(match: RegExpExecArray, complaint: Complaint): string
  hint: readonly string[]
}

const known: readonly Known[] = [
  {
    pattern: /no match for platform in manifest/,
    code: 'BASE_LACKS_PLATFORM',
    kind: 'usage',
    message: (_, { message, at, platforms }) =>
      `${at}the base ${message.split(': ')[0]} lacks one of ${platforms.map(formatPlatform).join(', ')}`,
    hint: [
      '`everyarch verify IMAGE` lists the platforms of an image; choose another base, or leave the platform out',
    ],
  },
  {
    pattern: /failed to push ([^\s:]+(?::\d+)?[^\s:]*)/,
    code: 'PUSH_REFUSED',
    kind: 'environment',
    message: ([, place], { message }) =>
      `the builder cannot push to ${place}: ${message.split(': ').slice(1).join(': ')}`,
    hint: ['the builder uses your credentials: docker login; see `everyarch doctor --tag REFERENCE`'],
  },
  {
    pattern: /secret (\S+): not found/,
    code: 'SECRET_MISSING',
    kind: 'usage',
    message: ([, id], { at }) => `${at}the secret ${id} was not given`,
    hint: ['give it: --secret id=NAME,src=FILE or --secret id=NAME,env=VARIABLE'],
  },
  {
    pattern: /unset ssh forward key (\S+)/,
    code: 'SECRET_MISSING',
    kind: 'usage',
    message: ([, id], { at }) => `${at}the SSH agent ${id} was not given`,
    hint: ['give it: --ssh default, with SSH_AUTH_SOCK set, or --ssh ID=SOCKET_OR_KEY'],
  },
  {
    pattern: /failed to stat (\S+): |could not parse secret|invalid secret/,
    code: 'SECRET_MISSING',
    kind: 'usage',
    message: (_, { message }) => `a secret cannot be read: ${message}`,
    hint: ['--secret id=NAME,src=FILE names a file that can be read here'],
  },
  {
    pattern: /base name \((.*)\) should not be blank/,
    code: 'BUILD_ARGUMENT_MISSING',
    kind: 'usage',
    message: ([, name], { at }) => `${at}the base ${name} is empty`,
    hint: ['give the variable: --build-arg NAME=VALUE, or a default: ARG NAME=VALUE before the first FROM'],
  },
  {
    pattern: /failed to process ".*": (\w+): (.*)$/,
    code: 'BUILD_ARGUMENT_MISSING',
    kind: 'usage',
    message: ([, name, why], { at }) => `${at}${name} is not set: ${why}`,
    hint: ['give it: --build-arg NAME=VALUE'],
  },
  {
    pattern: /target stage "?(.*?)"? could not be found/,
    code: 'STAGE_MISSING',
    kind: 'usage',
    message: ([, name], { file }) => `${file} has no stage ${name}`,
    hint: ['--target takes the name behind AS'],
  },
  {
    pattern: /(network\.host|security\.insecure|device\S*) is not allowed/,
    code: 'ENTITLEMENT_MISSING',
    kind: 'usage',
    message: ([, name], { at }) => `${at}the file asks for ${name}, which was not allowed`,
    hint: ['allow it: --allow ENTITLEMENT; the builder must allow it as well'],
  },
  {
    pattern: /failed to (?:read|find) dockerfile|failed to read dockerfile/,
    code: 'DOCKERFILE_MISSING',
    kind: 'usage',
    message: (_, { file }) => `there is no ${file}`,
    hint: ['--file names another Dockerfile'],
  },
  {
    pattern: /unable to prepare context|path ".*" not found|not a directory/,
    code: 'CONTEXT_INVALID',
    kind: 'usage',
    message: (_, { message }) => message,
    hint: ['the build context is a folder'],
  },
  {
    pattern: /failed to calculate checksum of ref \S+: "?(.*?)"?: not found/,
    code: 'CONTEXT_INVALID',
    kind: 'usage',
    message: ([, path], { at }) => `${at}${path} is not there to be copied`,
    hint: ['is it left out by .dockerignore, or not made by the stage it comes from?'],
  },
  {
    pattern:
      /dockerfile parse error|unknown instruction|unknown flag|Syntax error|circular dependency|invalid reference format/i,
    code: 'DOCKERFILE_INVALID',
    kind: 'usage',
    message: (_, { message, at }) => `${at}${message.replace(/^dockerfile parse error on line \d+: /, '')}`,
    hint: [],
  },
  {
    pattern: /no space left on device/,
    code: 'CONTEXT_TOO_LARGE',
    kind: 'environment',
    message: (_, { message }) => `no space is left: ${message}`,
    hint: ['free some: docker buildx prune; keep the context small with .dockerignore'],
  },
  {
    pattern:
      /cache export(?:er)? (?:is not supported|feature)|not supported for the docker driver|error writing manifest blob|failed to (?:export|configure) .*cache|unknown cache exporter/i,
    code: 'CACHE_EXPORT_FAILED',
    kind: 'environment',
    message: (_, { message }) => `the cache cannot be exported: ${message}`,
    hint: [
      'the driver docker exports caches only with the containerd image store; `everyarch setup` makes a builder that always can',
    ],
  },
  {
    pattern:
      /pull access denied|failed to resolve source metadata|failed to authorize|insufficient_scope|failed to do request/,
    code: 'BASE_UNAVAILABLE',
    kind: 'environment',
    message: (_, { message, at }) => `${at}a base image cannot be read: ${message}`,
    hint: ['check its spelling, the network, and docker login for its registry'],
  },
]

function knownFailure(complaint: Complaint): BuildkitError | undefined {
  for (const { pattern, code, kind, message, hint } of known) {
    const match = pattern.exec(complaint.message)
    if (match) return failure(complaint, code, message(match, complaint), kind, hint)
  }
  return undefined
}
