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

export type Turn<T> = { cosell: T; peer: T }

/** Runs Cosell and its peer in turns, each one first every other time: a busy moment of the machine meets both. */
export const inTurns = <T>(rounds: number, cosell: () => T, peer: () => T): Turn<T>[] =>
  Array.from({ length: rounds }, (_, round) => {
    if (round % 2 === 0) return { cosell: cosell(), peer: peer() }
    const first = peer()
    return { cosell: cosell(), peer: first }
  })

const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** The median rounded to so many digits after the point. */
export const medianOf = (values: number[], digits = 0) => Number(median(values).toFixed(digits))

/** Between which two values all of them are. */
export const rangeOf = (values: number[]) => `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`
