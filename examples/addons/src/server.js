/** Answers `GET /healthz` with what each addon did: 200 when all work. */
import { createServer } from 'node:http'
import { useAll } from './addons.js'

const port = Number(process.env.PORT ?? 3000)

const server = createServer(async (request, response) => {
  if (request.url !== '/healthz') {
    response.writeHead(404).end()
    return
  }
  const addons = await useAll()
  const works = Object.values(addons).every((result) => result === 'works')
  const body = JSON.stringify({ arch: process.arch, node: process.version, addons })
  response.writeHead(works ? 200 : 500, { 'content-type': 'application/json' }).end(body)
})

server.listen(port, () => process.stdout.write(`listening on ${port}\n`))
process.on('SIGTERM', () => server.close(() => process.exit()))
