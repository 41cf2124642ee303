import { lines } from '../../../builds/action-builds.ts'
import { jobsOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/uppercase-repository',
  severity: 'error',
  summary: 'An image name is made from a repository name with capital letters, which registries refuse.',
  *check(project) {
    const root = project.packages.find(({ file }) => file.path === 'package.json')
    const repository = repositoryName(root?.document.repository)
    if (repository === undefined || repository === repository.toLowerCase()) return
    for (const { file, workflow, job } of jobsOf(project)) {
      // Many workflows give it a name of their own first: IMAGE_NAME: ${{ github.repository }}
      const named = [...workflow.environment, ...job.environment].map(
        ([name, value]) => [`env.${name}`, value.text] as const,
      )
      for (const step of job.steps) {
        if (step.uses?.name !== 'docker/build-push-action') continue
        for (const { text, range } of lines(step.inputs.get('tags'), new Map(named))) {
          if (!/\$\{\{\s*github\.(?:repository|repository_owner)\s*\}\}/u.test(text)) continue
          yield {
            file,
            range,
            message: `this is ${text.replaceAll(/\$\{\{\s*github\.repository\s*\}\}/gu, repository)}, and image names are lower case only`,
            hint: 'let docker/metadata-action make the tags: it writes names in lower case',
          }
        }
      }
    }
  },
})

/** `owner/name` from the `repository` of package.json. */
function repositoryName(repository: unknown): string | undefined {
  const isObject = typeof repository === 'object' && repository !== null && 'url' in repository
  const text = isObject ? repository.url : repository
  if (typeof text !== 'string') return undefined
  return /(?:github\.com[/:]|^github:|^)([\w.-]+\/[\w.-]+?)(?:\.git)?$/u.exec(text)?.[1]
}
