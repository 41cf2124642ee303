import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Two projects: fast unit tests beside the code, and tests that start real engines (registry, Docker, QEMU).
// What an engine does is mostly waiting: two files of engine tests run side by side, after the unit tests.
const seeded = fileURLToPath(new URL('test/seeded-fast-check.ts', import.meta.url))
const resolve = { alias: process.env.CI ? [{ find: /^fast-check$/, replacement: seeded }] : [] }

export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/architecture.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        resolve,
        test: {
          name: 'engines',
          include: ['test/**/*.test.ts'],
          exclude: ['test/architecture.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          // Networks and engines hiccup; what is wrong is wrong twice.
          retry: 1,
        },
      },
    ],
  },
})
