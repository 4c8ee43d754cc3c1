import type { MetricEvent } from '../../../events/metrics.ts'
import { factOf, type PublishedRate, sortableInstant } from '../fact.ts'
import { isCorrection } from './corrections.ts'
import { encode } from './encode.ts'
import { newFingerprints, numberOf } from './fingerprints.ts'
import { newNames } from './names.ts'
import { AT, SORTS, sortIn } from './record.ts'
import { openScanner } from './scanner.ts'
import { newShelf, put } from './shelf.ts'

const NEWLINE = 0x0a
const DAY_MS = 86_400_000
const COST = SORTS.indexOf('cost')

/** A line that the scanner leaves to the schema; `line` counts from 0 within what was read. */
export type OddLine = { line: number; start: number; end: number }

/** The instant up to which events are known, as the day and the milliseconds of that day. */
const limitOf = (asOf: string | undefined) => {
  if (asOf === undefined) return { day: Infinity, time: 0 }
  const instant = Date.parse(asOf)
  return { day: Math.floor(instant / DAY_MS), time: instant % DAY_MS }
}

/** Takes events into records, in `partitions` parts; those recorded after `asOf` are left out. */
export const openReader = (partitions: number, asOf: string | undefined) => {
  const partners = newNames()
  const scanner = openScanner(partners)
  const { draft, recorded } = scanner
  const shelf = newShelf(partitions)
  const corrected = newFingerprints()
  const rates: PublishedRate[] = []
  const limit = limitOf(asOf)
  let lastDay = -Infinity
  let lines = 0
  let odd: OddLine[] = []

  const isKnown = () => recorded.day < limit.day || (recorded.day === limit.day && recorded.time <= limit.time)

  /** Takes in what the draft holds. */
  const keep = () => {
    const { words } = draft
    put(shelf, words)
    if (isCorrection(words, 0)) numberOf(corrected, words, AT.corrects)
    const day = words[AT.day] ?? 0
    if (sortIn(words[AT.head] ?? 0) !== COST && day > lastDay) lastDay = day
  }

  /** Takes the line that starts there; returns where the next one does. */
  const readLine = (bytes: Uint8Array<ArrayBuffer>, start: number): number => {
    const behind = scanner.read(start)
    if (behind >= 0) {
      if (isKnown()) keep()
      return behind
    }
    const newline = bytes.indexOf(NEWLINE, start)
    odd.push({ line: lines, start, end: newline })
    return newline + 1
  }

  const readLines = (bytes: Uint8Array<ArrayBuffer>, start: number, end: number) => {
    for (let at = start; at < end; lines++) at = readLine(bytes, at)
  }

  /** Reads the lines between two places, the last of which ends with a newline. */
  const read = (bytes: Uint8Array<ArrayBuffer>, start: number, end: number): { lines: number; odd: OddLine[] } => {
    lines = 0
    odd = []
    scanner.look(bytes)
    readLines(bytes, start, end)
    return { lines, odd }
  }

  const addRate = (rate: PublishedRate) => {
    rates.push(rate)
    lastDay = Math.max(lastDay, rate.day)
  }

  /** Takes in an event that was read in another way. */
  const take = (event: MetricEvent) => {
    if (asOf !== undefined && sortableInstant(event.recordedat) > sortableInstant(asOf)) return
    if (event.type !== 'rate.published.v1') {
      encode(draft, partners, event)
      return keep()
    }
    const rate = factOf(event)
    if (rate.type === 'rate') addRate(rate)
  }

  return { read, take, draft, keep, addRate, asOf, shelf, partners, corrected, rates, lastDay: () => lastDay }
}
export type Reader = ReturnType<typeof openReader>
