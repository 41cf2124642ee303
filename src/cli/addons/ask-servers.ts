/** Whether servers have the binaries that install scripts would fetch: headers are asked for, nothing is downloaded. */
import { homedir } from 'node:os'
import { type Dispatcher, EnvHttpProxyAgent, interceptors } from 'undici'
import { type CancelOptions, mapConcurrently, messageOf, throwIfAborted } from '../../base/index.ts'
import { storeSettingsFrom } from '../../store/index.ts'
import type { CommandContext } from '../context.ts'
import { version } from '../version.ts'

export interface ServerAnswers {
  /** address → whether there is something; addresses whose server gave no clear answer are missing */
  published: ReadonlyMap<string, boolean>
  /** address → why nothing is known of it */
  unanswered: ReadonlyMap<string, string>
}

const atOnce = 8
const patience = 20_000

/** Asks for each address once. Throws only when it is interrupted. */
export async function askServers(
  addresses: readonly string[],
  { env }: Pick<CommandContext, 'env'>,
  { signal }: CancelOptions,
): Promise<ServerAnswers> {
  const published = new Map<string, boolean>()
  const unanswered = new Map<string, string>()
  const agent = proxyAgent(env)
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: 5 }))
  const ask = async (address: string) => {
    try {
      const status = await statusOf(address, dispatcher, { signal })
      const has = new Map([
        [200, true],
        [404, false],
        [410, false],
      ]).get(status)
      if (has === undefined) unanswered.set(address, `its server answers ${status}`)
      else published.set(address, has)
    } catch (error) {
      throwIfAborted(signal)
      unanswered.set(address, messageOf(error))
    }
  }
  try {
    await mapConcurrently([...new Set(addresses)], atOnce, ask, { signal })
  } finally {
    await agent.destroy()
  }
  return { published, unanswered }
}

async function statusOf(address: string, dispatcher: Dispatcher, { signal }: CancelOptions): Promise<number> {
  const { origin, pathname, search } = new URL(address)
  const { statusCode, body } = await dispatcher.request({
    origin,
    path: pathname + search,
    method: 'HEAD',
    headers: { 'user-agent': `everyarch/${version}` },
    signal,
    headersTimeout: patience,
    bodyTimeout: patience,
  })
  await body.dump().catch(() => {})
  return statusCode
}

function proxyAgent(env: CommandContext['env']): EnvHttpProxyAgent {
  const { proxy } = storeSettingsFrom(env, homedir())
  return new EnvHttpProxyAgent({
    connect: { timeout: patience },
    // Empty texts, because undici would read the environment for what is left out.
    httpProxy: proxy?.http ?? '',
    httpsProxy: proxy?.https ?? '',
    noProxy: ['localhost', '127.0.0.1', '::1', proxy?.no].filter(Boolean).join(','),
  })
}
