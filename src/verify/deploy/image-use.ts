/** What runs an image: one line of a deploy manifest. */
import { parsePlatform, type Platform } from '../../oci/index.ts'

export interface ImageUse {
  /** as it is written, variables replaced */
  image: string
  /** for messages: `Deployment shop`, `service web` */
  usedBy: string
  /** platforms that it is bound to; empty when it is bound to none */
  platforms: readonly Platform[]
}

export interface FoundUses {
  uses: ImageUse[]
  /** what could not be read, one sentence each */
  problems: string[]
}

/** What is no platform is another tool's finding. */
export function platformOf(text: string): Platform | undefined {
  try {
    return parsePlatform(text)
  } catch {
    return undefined
  }
}
