// What tests without an engine do not reach: keys, routes, and who may ask for what.
const SHELLS = [
  '*store',
  'commands',
  'contract',
  'read',
  'explain',
  'as-of',
  'cut-read',
  'lifetime-read',
  'aggregate-item',
  'watermark',
  'sum',
]
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  mutate: ['lib/metrics/*.ts', `!lib/metrics/{${SHELLS.join()}}.ts`],
  coverageAnalysis: 'perTest',
  // What neither changed itself nor in its tests keeps its result; --force tries all.
  incremental: true,
  incrementalFile: '.mutation/results.json',
  // TypeScript 7 has no interface that Stryker could read its settings through: this file does not exist.
  tsconfigFile: 'none.json',
  concurrency: 1,
  timeoutMS: 15_000,
  warnings: { slow: false },
  tempDirName: '.mutation/sandbox',
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false },
  htmlReporter: { fileName: '.mutation/report.html' },
  jsonReporter: { fileName: '.mutation/report.json' },
  ignorePatterns: ['dist', 'cdk.out', '.cosell', '.mutation'],
}
