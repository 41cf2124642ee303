/** The process: settings from the environment, a listening server, and an orderly end. */
import { pino } from 'pino'
import { createApp } from './app.js'

const log = pino({ level: process.env.LOG_LEVEL ?? 'info' })
const port = Number(process.env.PORT ?? 3000)

const server = createApp(log).listen(port, (error) => {
  if (error) throw error
  log.info({ port, arch: process.arch, node: process.version }, 'listening')
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    log.info({ signal }, 'closing')
    // Requests under way are answered; connections that only wait are not kept.
    server.close(() => log.info('closed'))
    server.closeIdleConnections()
  })
}
