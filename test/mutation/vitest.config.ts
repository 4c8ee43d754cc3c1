import { defineConfig } from 'vitest/config'

// The quick tests of the metrics: those of the batch engine start threads, and those with tables an engine.
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/unit/metrics/**/*.test.ts'],
    exclude: ['test/unit/metrics/{bulk,command}.test.ts'],
    setupFiles: ['test/mutation/fewer-stories.ts'],
    testTimeout: 120_000,
  },
})
