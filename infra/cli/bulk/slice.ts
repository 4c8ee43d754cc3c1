import { closeSync, openSync, readSync } from 'node:fs'
import { type Block, ROOM, type Slice } from './blocks.ts'

const NEWLINE = 0x0a
const STEP = 1 << 12

/** Reads slices of files, each into the same memory. */
export const openSliceReader = () => {
  const found = new Uint8Array(STEP)
  let bytes = new Uint8Array(ROOM)
  let file: { path: string; number: number } | undefined

  const open = (path: string): number => {
    if (file?.path === path) return file.number
    if (file) closeSync(file.number)
    file = { path, number: openSync(path, 'r') }
    return file.number
  }

  /** Where the first line begins from a place on; behind the last byte of the file if there is none. */
  const lineFrom = (number: number, place: number): number => {
    for (let at = place - 1; at >= 0; ) {
      const length = readSync(number, found, 0, STEP, at)
      const newline = found.subarray(0, length).indexOf(NEWLINE)
      if (newline >= 0) return at + newline + 1
      at += length
      if (length === 0) return at
    }
    return 0
  }

  /** Fills the memory up to a length; what a file lost meanwhile is missing. */
  const fill = (number: number, place: number, length: number): number => {
    let end = 0
    while (end < length) {
      const read = readSync(number, bytes, end, length - end, place + end)
      if (read === 0) break
      end += read
    }
    return end
  }

  /** The lines that begin in the slice; the last one of a file may lack its newline, here it has one. */
  return ({ path, start, end }: Slice): Block => {
    const number = open(path)
    const first = lineFrom(number, start)
    const length = lineFrom(number, end) - first
    if (length <= 0) return { bytes, end: 0 }
    if (bytes.length < length + ROOM) bytes = new Uint8Array(length + STEP + ROOM)
    const filled = fill(number, first, length)
    if (filled === 0 || bytes[filled - 1] === NEWLINE) return { bytes, end: filled }
    bytes[filled] = NEWLINE
    return { bytes, end: filled + 1 }
  }
}
