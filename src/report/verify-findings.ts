/** Findings about images for readers that show a sentence and nothing else: the sentence then says where. */
import type { Finding } from '../base/index.ts'

/** What a layer's place in a finding's details looks like. */
interface LayerFact {
  index: number
  createdBy?: string
}

/** The layer that brought it: `layer 7 (COPY --from=build /app /app)`; undefined when the finding names none. */
export function layerText({ details }: Finding): string | undefined {
  const layer = details?.layer as Partial<LayerFact> | undefined
  if (layer?.index === undefined) return undefined
  return `layer ${layer.index}${layer.createdBy ? ` (${layer.createdBy})` : ''}`
}

/** `image, platform: path (package) message; layer 7 (COPY …)`. */
export function placedMessage(finding: Finding, image: string): string {
  const { platform, path, package: owner, message } = finding
  const place = [image, platform].filter(Boolean).join(', ')
  const object = [path, owner ? `(${owner})` : ''].filter(Boolean).join(' ')
  const layer = layerText(finding)
  return `${place}: ${object ? `${object} ` : ''}${message}${layer ? `; ${layer}` : ''}`
}

/** The same findings with their places in their messages. What is about no file has the image's own name for a path. */
export function placedFindings(findings: readonly Finding[], image: string): (Finding & { path: string })[] {
  return findings.map((finding) => ({
    ...finding,
    path: finding.path ?? image,
    message: placedMessage(finding, image),
  }))
}
