import { spawnSync } from 'node:child_process'

/** What one process took, all of its threads together. */
export type Usage = { seconds: number; cpuSeconds: number; peakMb: number }
export type Run = Usage & { status: number | null; stderr: string }

// Peak memory is known only to the process itself: it tells what it used on a fourth stream when it ends.
const TELL = `import{writeSync}from'node:fs';process.on('exit',()=>writeSync(3,JSON.stringify(process.resourceUsage())))`
const PRELOAD = `data:text/javascript,${encodeURIComponent(TELL)}`

/** Runs a script in a Node of its own; `out` is the open file that takes what it prints. */
export const runNode = (args: string[], cwd: string, out: number | 'ignore' = 'ignore'): Run => {
  const started = performance.now()
  const { output, status, stderr, error } = spawnSync(process.execPath, ['--import', PRELOAD, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', out, 'pipe', 'pipe'],
  })
  const seconds = (performance.now() - started) / 1000
  if (error) throw error
  const told = output[3]
  if (!told) throw new Error(`${args.join(' ')} ended with ${status} and tells nothing: ${stderr}`)
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(told) as NodeJS.ResourceUsage
  return { seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMb: maxRSS / 1024, status, stderr }
}

/** Runs Cosell and its peer in turns, each one first every other time: a busy moment of the machine meets both. */
export const inTurns = <T>(rounds: number, cosell: () => T, peer: () => T): { cosell: T; peer: T }[] =>
  Array.from({ length: rounds }, (_, round) => {
    if (round % 2 === 0) return { cosell: cosell(), peer: peer() }
    const first = peer()
    return { cosell: cosell(), peer: first }
  })

export const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** The median of the ratios of the rounds, and between which two all of them are. */
export const ratioOf = (ratios: number[]) => ({
  ratio: Number(median(ratios).toFixed(2)),
  range: `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
})
