import type { Fact } from './fact.ts'

// Facts as text that compresses well: sorted by day and id, then column by column. A column tells once what its values have in common
// and whether all are equally long, in which case nothing separates them; numbers and instants are told as steps from the one before.

type Value = string | number | undefined
type Fields = Record<string, Value>

const [COLUMN, PART, VALUE, STEP] = ['\0', '\x01', '\n', '.']
/** Amounts repeat rather than grow. */
const LEVEL = 'amount'

const head = (name: string, kind: string, ...rest: string[]) => [COLUMN + name, kind, ...rest].join(PART)

/**
 * What most rows hold, for a compressor to point to; the likeliest stands last. It is part of the format: a changed one cannot read
 * what was packed with this one.
 */
export const DICTIONARY = [
  head('milestone', 't', 'joined\nagreement-signed\nonboarding-complete'),
  head('role', 't', 'managed\ninfluenced\nsourced\n'),
  head('corrects', 't', 'tx-'),
  head('partnerId', 't', 'ptn-'),
  head('productId', 't', 'prod-'),
  head('marketplace', 't', 'direct\nazure\naws\n'),
  head('recordedAt', 'i', '', '', ''),
  `${head('amount', 'n', '', '', '')}0000\n`,
  head('currency', 't', 'GBP\nEUR\nUSD', '0', ''),
  `${head('day', 's', '', '', '')}20000\n0\n0\n1\n28\n30\n31\n`,
  head('id', 't', 'evt-evt_01k'),
  head('kind', 't', 'refund\ncredit\none-time\nfee\ntax\nusage\ncontract', '0', ''),
  head('ledger', 't', 'scheduled\nbooked\ncash\nbilled\n'),
  `${head('service.from', 's', '', '', '')}20000\n30\n31\n`,
  `${head('service.to', 's', '', '', '')}20000\n30\n31\n`,
  head('transactionId', 't', 'txn_01ktx-0000'),
  head('type', 't', 'detached\nattached\ntransaction', '0', ''),
].join('')

const flatten = (fact: object, path = ''): Fields => {
  const fields: Fields = {}
  for (const [name, value] of Object.entries(fact)) {
    if (value !== null && typeof value === 'object') Object.assign(fields, flatten(value, `${path}${name}${STEP}`))
    else fields[path + name] = value as Value
  }
  return fields
}

const stepsOf = (values: Value[]): string[] => {
  let last = 0
  return values.map((value) => {
    if (typeof value !== 'number') return ''
    const step = value - last
    last = value
    return String(step)
  })
}

const sumsOf = (steps: string[]): Value[] => {
  let last = 0
  return steps.map((step) => {
    if (step === '') return undefined
    last += Number(step)
    return last
  })
}

const secondsOf = (instant: Value) => (instant === undefined ? undefined : Date.parse(`${instant}Z`) / 1000)
const instantOf = (seconds: Value) =>
  seconds === undefined ? undefined : new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length)

const isInstant = (value: Value) => value === undefined || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(String(value))

const numbersOf = (texts: string[]) => texts.map((text) => (text === '' ? undefined : Number(text)))

/** How the values of a column become text, by the letter that its head names. */
const KINDS: Record<string, { write: (values: Value[]) => string[]; read: (texts: string[]) => Value[] }> = {
  t: {
    write: (values) => values.map((value) => value?.toString() ?? ''),
    read: (texts) => texts.map((text) => text || undefined),
  },
  n: { write: (values) => values.map((value) => value?.toString() ?? ''), read: numbersOf },
  s: { write: stepsOf, read: sumsOf },
  i: { write: (values) => stepsOf(values.map(secondsOf)), read: (texts) => sumsOf(texts).map(instantOf) },
}

const kindOf = (name: string, values: Value[]): string => {
  if (values.some((value) => typeof value === 'number')) return name === LEVEL ? 'n' : 's'
  return values.every(isInstant) ? 'i' : 't'
}

const commonStart = (texts: string[]): string => {
  let start = texts[0] ?? ''
  for (const text of texts) while (!text.startsWith(start)) start = start.slice(0, -1)
  return start
}

/** The length that all of them have; undefined if they differ or one is absent. */
const widthOf = (texts: string[]): number | undefined => {
  const width = texts[0]?.length
  return texts.every((text) => text !== '' && text.length === width) ? width : undefined
}

const writeColumn = (name: string, values: Value[]): string => {
  const kind = kindOf(name, values)
  const texts = KINDS[kind]?.write(values) ?? []
  const present = texts.filter((text) => text !== '')
  const width = widthOf(texts)
  const shared = kind === 't' ? commonStart(present) : ''
  // Where lengths differ, a value that is all common start would look like an absent one.
  const start = width === undefined && present.includes(shared) ? '' : shared
  const rests = texts.map((text) => text.slice(start.length))
  const length = width === undefined ? '' : width - start.length
  return [name, kind, start, length, rests.join(width === undefined ? VALUE : '')].join(PART)
}

const piecesOf = (body: string, width: string, count: number): string[] => {
  if (width === '') return body.split(VALUE)
  const size = Number(width)
  return Array.from({ length: count }, (_, i) => body.slice(i * size, (i + 1) * size))
}

const readColumn = (column: string, count: number): { name: string; values: Value[] } => {
  const [name = '', kind = '', start = '', width = '', body = ''] = column.split(PART)
  const rests = piecesOf(body, width, count)
  const texts = rests.map((rest) => (rest === '' && width === '' ? '' : start + rest))
  return { name, values: KINDS[kind]?.read(texts) ?? [] }
}

const dayOf = (fact: Fact) => ('day' in fact ? fact.day : fact.month)
const inOrder = (a: Fact, b: Fact) => dayOf(a) - dayOf(b) || (a.id < b.id ? -1 : 1)

/** The same facts are the same text, in whatever order they come. Their texts are not empty and hold no control characters. */
export const packed = (facts: Iterable<Fact>): string => {
  const rows = [...facts].sort(inOrder).map((fact) => flatten(fact))
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].sort()
  const columns = names.map((name) =>
    writeColumn(
      name,
      rows.map((row) => row[name]),
    ),
  )
  return [rows.length, ...columns].join(COLUMN)
}

/** The facts in the text, by day and id. */
export const unpacked = (text: string): Fact[] => {
  const [count = '0', ...columns] = text.split(COLUMN)
  const facts = Array.from({ length: Number(count) }, (): Record<string, Value | Fields> => ({}))
  for (const column of columns) {
    const { name, values } = readColumn(column, facts.length)
    const [outer = '', inner] = name.split(STEP)
    for (const [i, fact] of facts.entries()) {
      const value = values[i]
      if (value === undefined) continue
      if (inner === undefined) fact[outer] = value
      else fact[outer] = Object.assign(fact[outer] ?? {}, { [inner]: value })
    }
  }
  return facts as unknown as Fact[]
}
