import * as fc from 'fast-check'

// Thousands of mutants meet each law: with few stories, and the same ones in every run, so that a score can be repeated.
fc.configureGlobal({ numRuns: 25, seed: 20261122 })
