/** The schema of the `smoke` and `runners` keys: what is asked of each platform's image, and where it is run. */
import { z } from 'zod'
import { messageOf } from '../../base/index.ts'
import { parsePlatform } from '../../oci/index.ts'

const seconds = z.number().positive('must be more than 0').max(86_400)
const port = z.int().min(1).max(65_535)

const expectedText = z
  .union([
    z.string().min(1, 'must not be empty'),
    z.strictObject({
      matches: z
        .string()
        .refine(isPattern, 'must be a regular expression')
        .describe('A regular expression, as JavaScript writes them, without slashes.'),
    }),
  ])
  .describe('A text that has to be found, or a regular expression that has to match.')

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

const httpCheck = z.union([
  z.string().regex(/^:?\d{1,5}(\/\S*)?$/, 'must be a port and a path, such as "3000/healthz"'),
  z.strictObject({
    port: port.describe('Port of the container.'),
    path: z
      .string()
      .regex(/^\/\S*$/, 'must begin with a slash')
      .optional()
      .describe('Path, with a query if need be. Default: /.'),
    status: z
      .int()
      .min(100)
      .max(599)
      .optional()
      .describe('Status of the answer. Default: any from 200 to 399.'),
    body: expectedText.optional().describe('What the body holds.'),
    headers: z
      .record(z.string().min(1), expectedText)
      .optional()
      .describe('What headers of the answer hold.'),
  }),
])

const command = z
  .array(z.string().regex(/^[^\0]*$/, 'must not contain a NUL character'), 'must be an array of words')
  .min(1, 'must name a command')

const compose = z.strictObject({
  file: z.string().min(1, 'must name a file').describe('The compose file, relative to the project.'),
  service: z.string().min(1, 'must name a service').describe('The service that runs as the new image.'),
})

/** Of these, a probe has one; `start` stands for everything that waits for a started service. */
const kinds = {
  addons: ['addons'],
  command: ['command'],
  start: ['http', 'tcp', 'log', 'healthcheck'],
  compose: ['compose'],
} as const
/** Settings that mean something to one kind only. */
const belongsTo = {
  exitCode: 'command',
  output: 'command',
  stableFor: 'start',
  stopTimeout: 'start',
} as const
const kindNames = '"http", "tcp", "log", "healthcheck", "command", "compose" or "addons"'

export function smokeProbe(platform: z.ZodType<string>) {
  return z
    .strictObject({
      platforms: z
        .array(platform)
        .min(1, 'must name at least one platform')
        .optional()
        .describe('Platforms that this is tested on. Default: every platform.'),
      timeout: seconds
        .optional()
        .describe(
          'Seconds until it has failed, six times as long under emulation. Default: 30, for compose 300.',
        ),
      env: z
        .record(z.string().regex(/^[^=\0]+$/, 'must be a variable name without "="'), z.string())
        .optional()
        .describe("Variables added to the image's own."),
      retries: z
        .int()
        .min(0)
        .max(100)
        .optional()
        .describe('How often it is tried again after a failure. Default: 0.'),
      memory: z
        .string()
        .regex(/^\d{1,15}[bkmg]?$/i, 'must be a size such as 512m or 2g')
        .optional()
        .describe(
          'Memory that the container may take, such as 512m or 2g: as much as it gets where it is deployed. Default: 2g.',
        ),
      readOnly: z.boolean().optional().describe("The container's root file system cannot be written to."),
      addons: z.literal(true).optional().describe('Loads every native addon that the platform picks.'),
      command: command.optional().describe("Runs a command, in exec form, instead of the image's own."),
      exitCode: z
        .int()
        .min(0)
        .max(255)
        .optional()
        .describe('Exit code that the command has to end with. Default: 0.'),
      output: expectedText.optional().describe('What the output of the command holds.'),
      http: httpCheck.optional().describe('Starts the image and waits for an answer: "3000/healthz".'),
      tcp: port.optional().describe('Starts the image and waits until the port opens.'),
      log: expectedText.optional().describe('Starts the image and waits until it logs a text.'),
      healthcheck: z
        .literal(true)
        .optional()
        .describe("Starts the image and waits for the image's HEALTHCHECK."),
      stableFor: z
        .number()
        .min(0)
        .max(86_400)
        .optional()
        .describe('Seconds after its start that a service has to be there still. Default: 3.'),
      stopTimeout: seconds
        .optional()
        .describe('Seconds from the stop signal to the end, six times as long under emulation. Default: 10.'),
      compose: compose
        .optional()
        .describe('Runs a service of a compose file, which has to end with exit code 0.'),
    })
    .superRefine((probe, context) => {
      const said = (keys: readonly string[]) =>
        keys.some((key) => probe[key as keyof typeof probe] !== undefined)
      const asked = Object.entries(kinds).filter(([, keys]) => said(keys))
      if (asked.length === 0) {
        context.addIssue({ code: 'custom', message: `must say what is tested: ${kindNames}`, input: probe })
      }
      if (asked.length > 1) {
        const [first, second] = asked.map(([, keys]) => keys.find((key) => said([key])))
        const message = `cannot have both "${first}" and "${second}": make them two probes`
        context.addIssue({ code: 'custom', message, input: probe, path: [second ?? ''] })
      }
      for (const [key, kind] of Object.entries(belongsTo)) {
        if (!said([key]) || asked.length === 0 || said(kinds[kind])) continue
        const message = `means nothing without ${kinds[kind].map((name) => `"${name}"`).join(', ')}`
        context.addIssue({ code: 'custom', message, input: probe, path: [key] })
      }
    })
}

export const runnersByPlatform = z.record(
  z.string().superRefine((text, context) => {
    try {
      parsePlatform(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error), input: text })
    }
  }),
  z
    .string()
    .regex(
      /^[^\s\0]+$/,
      'must be an address such as "ssh://builder@arm.example" or the name of a Docker context',
    ),
)
