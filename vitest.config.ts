import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Two projects: fast unit tests beside the code, and tests that start real engines (registry, Docker, QEMU).
// Engines are shared and few: their tests run one file at a time.
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
          fileParallelism: false,
          // Networks and engines hiccup; what is wrong is wrong twice.
          retry: 1,
        },
      },
    ],
  },
})
