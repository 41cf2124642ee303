import { isCarrier, platformOfName } from '../../../../forecast/index.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'lockfile/no-libc',
  severity: 'warning',
  summary: 'The lockfile does not say for which C library binaries are, so both flavours are installed.',
  *check({ locks }) {
    for (const { file, entries } of locks) {
      // One npm wrote the whole file: where any entry has the field, those without it lack it in the registry too.
      if (entries.some(({ libc }) => libc !== undefined)) continue
      const carriers = entries.filter((entry) => isCarrier(entry) && !entry.dev)
      const flavours = (libc: string) => carriers.filter((entry) => platformOfName(entry.name)?.libc === libc)
      const musl = flavours('musl')
      const [first] = musl
      // Packages that never declare it are known; no npm helps there.
      if (
        !first ||
        musl.every(({ name }) => name.startsWith('@couchbase/')) ||
        carriers.length === musl.length
      )
        continue
      const key = JSON.stringify(first.location)
      const start = Math.max(0, file.text.indexOf(`${key}:`))
      yield {
        file,
        range: { start, end: start + key.length },
        message: `${musl.length} packages for musl have no libc field: they are installed beside those for glibc, in every image`,
        hint: 'write the lockfile again with npm 11.11 or newer (rm -r node_modules package-lock.json is not needed: npm install)',
      }
    }
  },
})
