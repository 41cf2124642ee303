import { isCarrier } from '../../../../forecast/index.ts'
import { folderOf } from '../../../project-file.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'package/npm-too-old',
  severity: 'warning',
  summary: 'The npm that writes the lockfile loses the packages of other platforms.',
  *check(project) {
    for (const { file, packageManager, place } of project.packages) {
      const major = /^npm@(\d+)\./u.exec(packageManager ?? '')?.[1]
      if (major === undefined || Number(major) >= 11) continue
      const lock = project.locks.find((candidate) => folderOf(candidate.file.path) === folderOf(file.path))
      const carriers = lock?.entries.filter(isCarrier) ?? []
      if (carriers.length === 0) continue
      yield {
        file,
        range: place('packageManager').value,
        message: `npm ${major} may drop the binaries of other platforms from the lockfile, and never writes their C library`,
        hint: 'use npm 11.11 or newer: it keeps them, and npm ci refuses a lockfile that lacks them',
      }
    }
  },
})
