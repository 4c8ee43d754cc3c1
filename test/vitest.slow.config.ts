import { defineConfig } from 'vitest/config'
import { countReporter } from './support/count-reporter.ts'

/** Suites that take minutes; run before a release: `npm run test:slow`. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: { include: ['test/slow/**/*.test.ts'], reporters: ['default', countReporter], testTimeout: 600_000, hookTimeout: 60_000 },
})
