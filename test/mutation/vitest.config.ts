import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const LAWS = /\/(laws|contribution|lineage|cut)\.test\.ts$/

/** A mutant is dead at the first test that fails: examples come first, since they take a hundredth of the time of laws. */
class ExamplesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    return files.toSorted((a, b) => Number(LAWS.test(a.moduleId)) - Number(LAWS.test(b.moduleId)))
  }
}

// The quick tests of the metrics: those of the batch engine start threads, and those with tables an engine.
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/unit/metrics/**/*.test.ts'],
    exclude: ['test/unit/metrics/{bulk,command}.test.ts'],
    setupFiles: ['test/mutation/fewer-stories.ts'],
    sequence: { sequencer: ExamplesFirst },
    testTimeout: 120_000,
    // A worker for each file would double the time; each mutant has workers of its own anyway.
    isolate: false,
  },
})
