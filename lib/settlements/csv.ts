import { endOfQuoted, QUOTE, quotedFields, UNCLOSED } from './csv-quotes.ts'

/** Where a record begins: bytes before it, and its line, the first being 1. */
export type Place = { offset: number; line: number }

/** Where something stands in the file, and where the record after it begins. */
export type Position = { line: number; nextOffset: number; nextLine: number }

/** A record of the file. It is valid only until the next one; fields are cut out when they are asked for. */
export type CsvRecord = Position & {
  count: number
  field: (index: number) => string
  /** The file ends here without a line break: what comes last may be cut off. */
  isOpenEnded: boolean
}

export type CsvHandlers = {
  onRecord: (record: CsvRecord) => void
  /** A record that cannot be told apart into fields. */
  onBroken: (broken: Position & { reason: string }) => void
}

/** A quote that is never closed would otherwise take the rest of the file into memory. */
const MAX_RECORD = 1 << 20
/** So many bytes are looked at together, which at the end may be beyond it. */
const WORD = 4
const [COMMA, NEWLINE, RETURN] = [0x2c, 0x0a, 0x0d]
const BOM = '\u00ef\u00bb\u00bf'

// The text is scanned as one character a byte: in UTF-8 no comma, quote or line break is part of another character.
const readable = (scanned: string) => Buffer.from(scanned, 'latin1').toString('utf8')

/** The first byte from `from` on that is up to a comma or no ASCII; `end`: none is. Looks at four bytes at a time. */
const special = (words: DataView, from: number, end: number): number => {
  for (let index = from; index < end; index += WORD) {
    const word = words.getInt32(index, true)
    // The lowest bit that is left is the top bit of the first such byte.
    const told = (((word - 0x2d2d2d2d) & ~word) | word) & 0x80808080
    if (told) return Math.min(end, index + ((31 - Math.clz32(told & -told)) >> 3))
  }
  return end
}

const linesIn = (text: string) => {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

/**
 * Reads CSV (RFC 4180, LF or CR LF, with or without a byte order mark) from chunks of UTF-8, however they are cut, in memory that does
 * not grow with the file. Lines with nothing in them are passed over. `start` is where an earlier reading stopped.
 */
export const csvReader = ({ onRecord, onBroken }: CsvHandlers, start: Place = { offset: 0, line: 1 }) => {
  const seen = { bom: false, blankLines: 0 }
  let { offset, line } = start
  /** What is read and not yet a whole record, as bytes to look at and as text to cut from; `at` of it is done. */
  let work = Buffer.alloc(0)
  let bytes: Uint8Array = work
  let view = new DataView(work.buffer)
  let text = ''
  let isAscii = true
  let at = 0
  let isSkipping = false

  /** Where the fields of a record begin, and one behind its end. */
  const bounds: number[] = []
  let fields = 0
  let quoted: string[] | undefined

  const record: CsvRecord = {
    line,
    nextOffset: offset,
    nextLine: line,
    count: 0,
    isOpenEnded: false,
    field: (index) => {
      if (quoted) return readable(quoted[index] ?? '')
      if (index < 0 || index >= fields) return ''
      const field = text.slice(bounds[index], (bounds[index + 1] ?? 0) - 1)
      return isAscii ? field : readable(field)
    },
  }

  /** Finds the fields of the record that begins at `at`, and the line break after it; `bytes.length`: there is none yet. */
  const cut = (): number => {
    // Most of the time of reading a file is spent here: only locals, which stay in registers.
    const [data, words, starts, end] = [bytes, view, bounds, bytes.length]
    let bits = 0
    let count = 0
    let hasQuotes = data[at] === QUOTE
    let index = special(words, at, end)
    starts[0] = at
    for (; index < end; index = special(words, index + 1, end)) {
      const code = data[index] as number
      if (code === COMMA) {
        starts[++count] = index + 1
        if (data[index + 1] === QUOTE) hasQuotes = true
      } else if (code === NEWLINE) break
      else bits |= code
    }
    fields = count
    isAscii = bits < 0x80
    quoted = hasQuotes ? [] : undefined
    const newline = hasQuotes ? endOfQuoted(text, at) : index
    return newline < 0 ? end : newline
  }

  /** The record from `at` to `newline`, which at the end of the file may not be there. */
  const emit = (newline: number) => {
    const from = at
    const end = newline > from && bytes[newline - 1] === RETURN ? newline - 1 : newline
    const isFinal = newline === bytes.length
    const first = line
    at = isFinal ? newline : newline + 1
    offset += at - from
    line += 1
    if (end === from) {
      seen.blankLines++
      return
    }
    if (quoted) {
      line += linesIn(text.slice(from, newline))
      const found = quotedFields(text.slice(from, end))
      if (typeof found === 'string') return broken(first, found)
      quoted = found
    } else bounds[++fields] = end + 1
    record.line = first
    record.nextOffset = offset
    record.nextLine = line
    record.count = quoted ? quoted.length : fields
    record.isOpenEnded = isFinal
    onRecord(record)
  }

  const broken = (first: number, reason: string) => onBroken({ line: first, nextOffset: offset, nextLine: line, reason })

  /** Passes over the rest of a line; whether its end is there. */
  const skipLine = (): boolean => {
    const newline = text.indexOf('\n', at)
    isSkipping = newline < 0
    const to = isSkipping ? text.length : newline + 1
    offset += to - at
    line += isSkipping ? 0 : 1
    at = to
    return !isSkipping
  }

  /** Gives up a record that does not end, and goes on with the line after the one that it begins on. */
  const giveUp = (reason: string) => {
    const first = line
    skipLine()
    broken(first, reason)
  }

  const isUnclosed = () => quoted !== undefined && quotedFields(text.slice(at)) === UNCLOSED && text.includes('\n', at)

  const scan = (isFinal: boolean) => {
    while (at < bytes.length) {
      if (isSkipping && !skipLine()) break
      if (at === bytes.length) break
      const newline = cut()
      if (newline - at > MAX_RECORD) giveUp('is longer than 1 MB: most likely a quote is opened and never closed')
      else if (newline < bytes.length) emit(newline)
      else if (!isFinal) break
      else if (isUnclosed()) giveUp(UNCLOSED)
      else emit(newline)
    }
  }

  /** Whether what comes first can be read: no mark, or all of it. */
  const hasBegun = (): boolean => {
    if (offset > 0) return true
    if (!text.startsWith(BOM)) return text.length >= BOM.length || !BOM.startsWith(text)
    seen.bom = true
    at = BOM.length
    offset = BOM.length
    return true
  }

  /** Puts a chunk behind what is left of those before it, in memory that is used again and again. */
  const take = (chunk: Uint8Array) => {
    const left = bytes.length - at
    const needed = left + chunk.length
    const room = work.length < needed + WORD ? Buffer.alloc(2 * needed + WORD) : work
    if (room !== work) view = new DataView(room.buffer)
    room.set(bytes.subarray(at), 0)
    room.set(chunk, left)
    work = room
    const joined = work.subarray(0, needed)
    bytes = joined
    text = joined.toString('latin1')
  }

  return {
    seen,
    push: (chunk: Uint8Array) => {
      take(chunk)
      at = 0
      if (hasBegun()) scan(false)
    },
    end: () => scan(true),
  }
}
