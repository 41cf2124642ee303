import type { CancelOptions } from '../../base/index.ts'
import { parseDockerfile } from '../../dockerfile/index.ts'
import { type NodeChoice, readProjectFile } from '../../project/index.ts'

/** What is to be said where the Dockerfile that is there brings another Node.js than the one that was chosen. */
export async function otherNodeWarning(
  root: string,
  { major }: NodeChoice,
  options: CancelOptions,
): Promise<string | undefined> {
  const text = await readProjectFile(root, 'Dockerfile', options)
  if (text === undefined) return undefined
  const last = parseDockerfile(text).stages.at(-1)?.from.image.text ?? ''
  const tag = /^(?:docker\.io\/)?(?:library\/)?node:((\d+)[\w.-]*)/u.exec(last)
  if (!tag || Number(tag[2]) === major) return undefined
  return `the Dockerfile that is there runs Node.js ${tag[2]}, and what is written here Node.js ${major}: --base node:${tag[1]} keeps it`
}
