/**
 * The schema of `everyarch.config.json`: the one place where keys, their checks and their descriptions stand. The committed
 * `config.schema.json` is made from it. Loaded only when a project has a configuration.
 */
import * as z from 'zod'
import { CodedError, messageOf } from '../../base/index.ts'
import { formatPlatform, parseImageLocation, parsePlatform, parseReference } from '../../oci/index.ts'
import { compressionLevels } from '../../tar/index.ts'
import type { Configuration } from './configuration.ts'
import { runnersByPlatform, smokeProbe } from './smoke-schema.ts'

/** A string that `parse` accepts; its error becomes the message at that place. */
function parsed(what: string, parse: (text: string) => string) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return parse(text)
      } catch (error) {
        const suggestion = error instanceof CodedError ? error.details.suggestion : undefined
        const mean = typeof suggestion === 'string' ? `, did you mean "${suggestion}"?` : ''
        context.addIssue({ code: 'custom', message: `${messageOf(error)}${mean}`, input: text })
        return z.NEVER
      }
    })
    .describe(what)
}

function matching(pattern: RegExp, rule: string) {
  return z.string().regex(pattern, rule)
}

const platform = parsed(
  'A platform: os/architecture[/variant], such as linux/amd64 or linux/arm/v7.',
  (text) => formatPlatform(parsePlatform(text)),
)

const debianPackage = matching(/^[a-z0-9][a-z0-9+.-]+$/, 'must be the name of a Debian package')

const baseLocation = parsed('A registry reference such as node:22-slim, or oci:DIR.', (text) => {
  parseImageLocation(text)
  return text
})

const assembledBase = z
  .strictObject({
    assemble: z.literal('debian').describe('The distribution that the base is assembled from.'),
    suite: matching(/^[a-z][a-z0-9.-]*$/, 'must be the name of a Debian release, such as "bookworm"')
      .optional()
      .describe('The Debian release. Default: bookworm.'),
    node: z
      .union([
        matching(/^\d+(\.\d+){0,2}$/, 'must be a version of Node, such as "22" or "22.11.0"'),
        z.int().positive().transform(String),
      ])
      .optional()
      .describe(
        "The version of Node: a major, or an exact version. Default: what the project's own files ask for.",
      ),
    packages: z
      .array(debianPackage)
      .optional()
      .describe('Further Debian packages; their dependencies come with them.'),
    mirror: z
      .url({ protocol: /^https?$/, error: 'must be an http or https address' })
      .optional()
      .describe('Address of a Debian mirror. Default: the apt sources of this machine.'),
    indexMaxAge: z
      .int()
      .min(0)
      .max(7 * 24 * 60)
      .optional()
      .describe(
        "Minutes for which a mirror's answer counts as its present index. Default: 60; 0 asks in every build, as --no-cache does.",
      ),
    checkValidUntil: z
      .boolean()
      .optional()
      .describe(
        'Whether an index that has expired is refused. Default: true, or what apt is configured to do; a snapshot of the past needs false.',
      ),
  })
  .describe(
    'A base assembled from Debian packages and an npm-distributed Node: no container registry needed.',
  )

const port = z
  .union([
    z.int().min(1).max(65535),
    matching(/^\d{1,5}(\/(tcp|udp|sctp))?$/, 'must be a port such as 8080 or "53/udp"'),
  ])
  .transform((value, context) => {
    const [number = '', protocol = 'tcp'] = String(value).split('/')
    if (Number(number) >= 1 && Number(number) <= 65535) return `${Number(number)}/${protocol}`
    context.addIssue({ code: 'custom', message: 'must be a port from 1 to 65535', input: value })
    return z.NEVER
  })

const words = z.array(
  z.string().regex(/^[^\0]*$/, 'must not contain a NUL character'),
  'must be an array of words (exec form), such as ["node", "server.js"]',
)

function textsBy(key: RegExp, rule: string) {
  return z.record(z.string().regex(key, rule), z.string())
}

const image = z.strictObject({
  env: textsBy(/^[^=\0]+$/, 'must be a variable name without "="')
    .optional()
    .describe('Environment variables of the container, added to those of the base image and to NODE_ENV.'),
  labels: textsBy(/^[^\0]+$/, 'must not be empty')
    .optional()
    .describe('Labels of the image configuration, added to those made from package.json and git.'),
  annotations: textsBy(/^[^\0]+$/, 'must not be empty')
    .optional()
    .describe(
      'OCI annotations of the index and its manifests, added to those made from package.json and git.',
    ),
  user: matching(/^[^\s\0]+$/, 'must be a user such as "node", "1000" or "1000:1000"')
    .optional()
    .describe(
      'User, and group behind a colon, that the container runs as. Default: node where the base has it.',
    ),
  workdir: matching(/^\/[^\0]*$/, 'must be an absolute path')
    .optional()
    .describe('Working directory, and the folder that the app is put into. Default: /app.'),
  entrypoint: words
    .min(1, 'must name a command')
    .optional()
    .describe(
      'Program that the command is given to, in exec form. Default: an init such as tini, where the base has one.',
    ),
  cmd: words
    .optional()
    .describe(
      'Command in exec form, or the arguments of an entrypoint. Default: scripts.start, bin or main of package.json.',
    ),
  ports: z.array(port).optional().describe('Ports that the service listens on: 8080, or "53/udp".'),
  stopSignal: matching(/^(SIG[A-Z0-9+-]+|\d{1,2})$/, 'must be a signal such as "SIGTERM"')
    .optional()
    .describe('Signal that asks the service to stop. Default: what the base image says, else SIGTERM.'),
})

const pattern = z.string().min(1, 'must not be empty').refine(staysInside, {
  error: 'must be a relative path or glob without ".."',
})

function staysInside(glob: string): boolean {
  const path = glob.replace(/^!/, '')
  return !path.startsWith('/') && !path.split('/').includes('..')
}

const ignoredFinding = z.strictObject({
  rule: matching(/^[a-z-]+\/[a-z0-9-]+$/, 'must be a rule such as "image/wrong-architecture"').describe(
    'The rule whose finding is accepted.',
  ),
  path: pattern.optional().describe('Glob over paths inside the image. Default: every path.'),
  reason: z.string().trim().min(1, 'must say why').describe('Why it is accepted; shown wherever it is used.'),
})

const addonStep = z.enum(['optional-package', 'bundled', 'download', 'compile', 'emulate'])

const addon = z
  .strictObject({
    from: z
      .union([addonStep.transform((step) => [step]), z.array(addonStep).min(1, 'must name at least one way')])
      .optional()
      .describe('The ways to its binary, in the order in which they are tried. Default: all of them.'),
    mirror: z
      .url({ protocol: /^https?$/, error: 'must be an http or https address' })
      .optional()
      .describe('Address that its prebuilt binaries are downloaded from. Default: what the package says.'),
    packages: z
      .array(debianPackage)
      .optional()
      .describe('Debian packages with headers and libraries that it is compiled against, such as libpq-dev.'),
    env: textsBy(/^[^=\0]+$/, 'must be a variable name without "="')
      .optional()
      .describe('Environment variables of its build.'),
    args: z.array(z.string()).optional().describe('Further arguments of node-gyp.'),
    script: z
      .string()
      .trim()
      .min(1, 'must name a command')
      .optional()
      .describe("Shell command that compiles it, run in the package's folder. Default: node-gyp rebuild."),
    emulate: z
      .boolean()
      .optional()
      .describe(
        'true: compile it in a root of the base image, under QEMU where need be, instead of natively; false: never do so. Default: where nothing else helps.',
      ),
    jobs: z.int().min(1).max(256).optional().describe('Calls of the compiler at once.'),
    strip: z
      .boolean()
      .optional()
      .describe('Take symbols and debug information out of what was compiled. Default: true.'),
    prune: z.boolean().optional().describe('Leave out what the platform will never load. Default: true.'),
  })
  .describe('How the native addon of a package is provided.')

export const configurationSchema = z
  .strictObject({
    $schema: z.string().optional().describe('Address of this schema, for editors.'),
    platforms: z
      .array(platform)
      .min(1, 'must name at least one platform')
      .optional()
      .describe('Platforms that the image is built for. Default: linux/amd64 and linux/arm64.'),
    base: z
      .union([baseLocation, assembledBase])
      .optional()
      .describe("Base image. Default: node:<major>-slim, the major from the project's own files."),
    build: z
      .union([z.string().trim().min(1, 'must name a command'), z.literal(false)])
      .optional()
      .describe(
        "Shell command that builds the app, run in the project's root; false for none. Default: the build script.",
      ),
    include: z
      .array(pattern)
      .min(1, 'must name at least one path')
      .optional()
      .describe('Globs of what goes into the image, relative to the built package; "!" takes away.'),
    workspace: z.string().min(1).optional().describe('Name or folder of the npm workspace to build.'),
    image: image.optional().describe('Configuration of the image.'),
    addons: z
      .record(z.string().min(1, 'must be the name of a package'), addon)
      .optional()
      .describe('Native addons, by package name; "*" stands for every package.'),
    compression: z.enum(['gzip', 'zstd']).optional().describe('Compression of the layers. Default: gzip.'),
    compressionLevel: z
      .int()
      .min(1)
      .max(compressionLevels.zstd.max)
      .optional()
      .describe(
        `Level of the compression: 1 to ${compressionLevels.gzip.max} for gzip, 1 to ${compressionLevels.zstd.max} for zstd.`,
      ),
    tags: z
      .array(
        parsed('A reference such as ghcr.io/acme/shop:1.4.0.', (text) => {
          parseReference(text)
          return text
        }),
      )
      .optional()
      .describe('References that a push moves to the new image.'),
    verify: z
      .strictObject({
        ignore: z
          .array(ignoredFinding)
          .optional()
          .describe('Findings that are accepted, each with its reason.'),
      })
      .optional()
      .describe('The check of the finished image.'),
    check: z
      .strictObject({
        ignore: z
          .array(
            ignoredFinding.extend({
              path: pattern.optional().describe("Glob over the project's files. Default: every file."),
            }),
          )
          .optional()
          .describe('Findings that are accepted, each with its reason.'),
      })
      .optional()
      .describe("The check of the project's files."),
    smoke: z
      .array(smokeProbe(platform))
      .min(1, 'must hold at least one probe')
      .optional()
      .describe("What is tested of each platform's image. Default: every native addon is loaded."),
    runners: runnersByPlatform
      .optional()
      .describe(
        'Where the images of a platform are run, by platform: the address of a container engine or the name of a Docker context.',
      ),
    registry: z
      .strictObject({
        insecure: z
          .array(matching(/^[A-Za-z0-9.:[\]-]+$/, 'must be host or host:port'))
          .optional()
          .describe('Registries, as host[:port], that are spoken to over plain HTTP.'),
      })
      .optional()
      .describe('Access to registries.'),
  })
  .describe('Configuration of everyarch.')

// Keeps type and schema in step: what the schema lets through is a Configuration.
configurationSchema satisfies z.ZodType<Configuration>
