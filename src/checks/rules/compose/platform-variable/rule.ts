import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'compose/platform-variable',
  severity: 'error',
  summary: 'DOCKER_DEFAULT_PLATFORM stands in a service’s environment, where it changes nothing.',
  *check({ composes }) {
    for (const { file, content } of composes) {
      for (const { name, environment } of content) {
        for (const variable of environment) {
          if (variable.name !== 'DOCKER_DEFAULT_PLATFORM') continue
          yield {
            file,
            range: variable.node.range,
            message: `the docker command reads this variable, service ${name} does not: its platform stays the same`,
            hint: 'set it for the command (DOCKER_DEFAULT_PLATFORM=linux/arm64 docker compose up), or use the service’s platform',
          }
        }
      }
    }
  },
})
