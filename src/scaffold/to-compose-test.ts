/** compose.test.yaml: the built image, started as in production, and a client that asks it. */
import type { ProjectFacts } from './project-facts.ts'

/** Pure. The text ends with a line end. */
export function toComposeTest({ name, health, secretNpmrc, npmrcVariables }: ProjectFacts): string {
  const service = name.replaceAll('.', '-')
  return `# docker compose --file compose.test.yaml up --build --exit-code-from test
# For another CPU: DOCKER_DEFAULT_PLATFORM=linux/arm64 before the command (it is read by docker, not by containers)
services:
  ${service}:
    build:
      context: .${secretNpmrc || npmrcVariables.length > 0 ? `\n      secrets: [${[...(secretNpmrc ? ['npmrc'] : []), ...npmrcVariables].join(', ')}]` : ''}
    image: ${name}:test
    read_only: true
    tmpfs: [/tmp]
    cap_drop: [ALL]
    security_opt: ['no-new-privileges:true']
${health ? healthCheck() : ''}
  test:
    image: ${name}:test
    depends_on:
      ${service}:
        condition: ${health ? 'service_healthy' : 'service_started'}
    command: ${JSON.stringify(testCommand(service, health)).replaceAll('","', '", "')}
${secrets(secretNpmrc, npmrcVariables)}`
}

/** The image says how; the test asks more often. */
function healthCheck(): string {
  return `    healthcheck:
      interval: 2s
      start_period: 60s
`
}

function testCommand(service: string, health: ProjectFacts['health']): string[] {
  if (!health) return ['node', '-e', '0']
  const { port, path } = health
  const program =
    path === undefined
      ? `require('node:net').connect(${port}, '${service}', () => exit(0)).on('error', () => exit(1))`
      : `fetch('http://${service}:${port}${path}').then((r) => exit(r.ok ? 0 : 1), () => exit(1))`
  return ['node', '-e', `const { exit } = process; ${program}`]
}

function secrets(secretNpmrc: boolean, variables: readonly string[]): string {
  if (!secretNpmrc && variables.length === 0) return ''
  const npmrc = secretNpmrc ? '  npmrc:\n    file: .npmrc\n' : ''
  return `\nsecrets:\n${npmrc}${variables.map((name) => `  ${name}:\n    environment: ${name}\n`).join('')}`
}
