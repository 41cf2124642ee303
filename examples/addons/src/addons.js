/** One use of each addon that would fail, or give another result, without its native code. */
import { createRequire } from 'node:module'
import { hash as nodeRsArgon2, verify as nodeRsVerify } from '@node-rs/argon2'
import { crc32 } from '@node-rs/crc32'
import argon2 from 'argon2'
import bcrypt from 'bcrypt'
import Database from 'better-sqlite3'
import kafka from 'node-rdkafka'
import sharp from 'sharp'

const require = createRequire(import.meta.url)
const password = 'correct horse battery staple'
// Small settings: under emulation the usual ones take seconds.
const cheap = { memoryCost: 1024, timeCost: 2, parallelism: 1 }

const uses = {
  argon2: async () => argon2.verify(await argon2.hash(password, cheap), password),
  bcrypt: async () => bcrypt.compare(password, await bcrypt.hash(password, 4)),
  'better-sqlite3': () => {
    const database = new Database(':memory:')
    database.exec('CREATE TABLE visits (place TEXT, count INTEGER)')
    database.prepare('INSERT INTO visits VALUES (?, ?)').run('home', 41)
    database.exec('UPDATE visits SET count = count + 1')
    const { count } = database.prepare('SELECT count FROM visits').get()
    database.close()
    return count === 42
  },
  // The package itself would take its JavaScript where the binary is missing.
  bufferutil: () => {
    const { unmask } = require('node-gyp-build')(
      require.resolve('bufferutil/package.json').replace(/package\.json$/, ''),
    )
    const data = Buffer.from([1, 2, 3, 4, 5])
    unmask(data, Buffer.from([1, 1, 1, 1]))
    return data.equals(Buffer.from([0, 3, 2, 5, 4]))
  },
  'node-rdkafka': () => {
    const producer = new kafka.Producer({
      'bootstrap.servers': '127.0.0.1:1',
      'security.protocol': 'sasl_ssl',
      'sasl.mechanisms': 'SCRAM-SHA-256',
      'sasl.username': 'nobody',
      'sasl.password': password,
      'compression.codec': 'zstd',
    })
    const wanted = ['ssl', 'sasl', 'sasl_scram', 'sasl_gssapi', 'gzip', 'snappy', 'lz4', 'zstd']
    return producer !== undefined && wanted.every((feature) => kafka.features.includes(feature))
  },
  '@node-rs/argon2': async () => nodeRsVerify(await nodeRsArgon2(password, cheap), password),
  '@node-rs/crc32': () => crc32('123456789') === 0xcbf43926,
  sharp: async () => {
    const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: '#336699' } })
    const { format, width } = await sharp(await picture.resize(16).webp().toBuffer()).metadata()
    return format === 'webp' && width === 16
  },
}

/** Uses every addon; the names of those that did what they should, and what the others said. */
export async function useAll() {
  const results = {}
  for (const [name, use] of Object.entries(uses)) {
    try {
      results[name] = (await use()) ? 'works' : 'gives a wrong result'
    } catch (error) {
      results[name] = error.message
    }
  }
  return results
}
