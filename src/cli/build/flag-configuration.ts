/** The command line's words as a configuration, so that flags and file are merged and checked as one thing. */
import { CodedError } from '../../base/index.ts'
import { formatPlatform, parsePlatforms } from '../../oci/index.ts'
import type { AssembledBase, Configuration, ImageSettings } from '../../project/index.ts'
import type { ImageFlags } from '../commands/build.ts'

export function flagConfiguration(flags: ImageFlags): Configuration {
  const image = imageSettings(flags)
  return {
    ...(flags.platform ? { platforms: parsePlatforms(flags.platform.join(',')).map(formatPlatform) } : {}),
    ...(flags.base === undefined ? {} : { base: baseOf(flags.base) }),
    ...(flags.workspace === undefined ? {} : { workspace: flags.workspace }),
    ...(Object.keys(image).length > 0 ? { image } : {}),
    ...(flags.compression ? { compression: flags.compression } : {}),
    ...(flags.compressionLevel === undefined ? {} : { compressionLevel: flags.compressionLevel }),
    ...(flags.insecureRegistry ? { registry: { insecure: flags.insecureRegistry } } : {}),
  }
}

function baseOf(text: string): string | AssembledBase {
  const suite = /^assemble:(.+)$/.exec(text)?.[1]
  return suite === undefined ? text : { assemble: 'debian', suite }
}

function imageSettings(flags: ImageFlags): ImageSettings {
  return {
    ...(flags.env ? { env: pairs('--env', flags.env) } : {}),
    ...(flags.label ? { labels: pairs('--label', flags.label) } : {}),
    ...(flags.annotation ? { annotations: pairs('--annotation', flags.annotation) } : {}),
    ...(flags.user === undefined ? {} : { user: flags.user }),
    ...(flags.workdir === undefined ? {} : { workdir: flags.workdir }),
    ...(flags.entrypoint === undefined ? {} : { entrypoint: words('--entrypoint', flags.entrypoint) }),
    ...(flags.cmd === undefined ? {} : { cmd: words('--cmd', flags.cmd) }),
    ...(flags.port ? { ports: flags.port.map(port) } : {}),
  }
}

function pairs(flag: string, list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((item) => {
      const equals = item.indexOf('=')
      if (equals < 1)
        throw badFlag(`${flag} ${item}: a name and a value are needed`, `write ${flag} NAME=value`)
      return [item.slice(0, equals), item.slice(equals + 1)]
    }),
  )
}

/** Words separated by blanks, or a JSON array where a word has blanks itself. */
function words(flag: string, text: string): string[] {
  if (!text.trimStart().startsWith('[')) return text.split(/\s+/).filter(Boolean)
  try {
    const list: unknown = JSON.parse(text)
    if (Array.isArray(list) && list.every((word) => typeof word === 'string')) return list
  } catch {
    // said below
  }
  throw badFlag(`${flag} ${text}: this is no JSON array of texts`, `write ${flag} '["node","server.js"]'`)
}

function port(text: string): string {
  const [, number, protocol = 'tcp'] = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(text) ?? []
  if (!number || Number(number) < 1 || Number(number) > 65_535) {
    throw badFlag(`--port ${text}: this is no port`, 'write --port 8080 or --port 53/udp')
  }
  return `${Number(number)}/${protocol}`
}

function badFlag(message: string, hint: string): CodedError {
  return new CodedError('INVALID_FLAG', message, { kind: 'usage', hint })
}
