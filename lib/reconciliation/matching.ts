// No key joins what the ledgers say of one sale, so rows are matched by amount and order, within one agreement and currency.

/** One row of a side; `corrects` names the row of the same side that it takes from. */
export type Entry = { id: string; on: string; amount: number; corrects?: string | undefined }

/** What is left of a row: `left` has no counterpart; `paid` has met rows of the other side, which `met` names; the last was on `metOn`. */
export type Open = Entry & { left: number; paid: number; met: string[]; metOn: string }
export type Matched = { ours: Open[]; theirs: Open[] }

const openOf = (entries: readonly Entry[]): Open[] =>
  entries
    .map((entry) => ({ ...entry, left: entry.amount, paid: 0, met: [], metOn: entry.on }))
    .toSorted((a, b) => (a.on === b.on ? (a.id < b.id ? -1 : 1) : a.on < b.on ? -1 : 1))

/** The later of two days. */
export const later = (a: string, b: string) => (a > b ? a : b)

const meet = (a: Open, b: Open, amount: number) => {
  for (const [row, other] of [
    [a, b],
    [b, a],
  ] as const) {
    row.left -= amount
    row.paid += amount
    row.met.push(other.id)
    row.metOn = later(row.metOn, other.on)
  }
}

/** Rows of the very same amount, the oldest first. */
const matchEqual = ({ ours, theirs }: Matched) => {
  const waiting = Map.groupBy(
    theirs.filter(({ left }) => left !== 0),
    ({ left }) => left,
  )
  for (const one of ours) {
    const other = one.left === 0 ? undefined : waiting.get(one.left)?.shift()
    if (other) meet(one, other, one.left)
  }
}

/** What a positive and a negative row of one side take from each other. */
const offset = (plus: Open, minus: Open) => {
  const amount = Math.min(plus.left, -minus.left)
  plus.left -= amount
  minus.left += amount
}

/** Calls `take` with pairs of rows that have something left, oldest first, until one list is through. */
const inTurn = (some: Open[], others: Open[], take: (a: Open, b: Open) => void) => {
  let at = 0
  for (const one of some)
    for (; one.left !== 0 && at < others.length; ) {
      const other = others[at]
      if (other && other.left !== 0) take(one, other)
      if (!other || other.left === 0) at++
    }
}

const positive = (side: Open[]) => side.filter(({ left }) => left > 0)
const negative = (side: Open[]) => side.filter(({ left }) => left < 0)

/** Credits, refunds and corrections take from the row that they correct, then from the oldest. */
const settleWithin = (side: Open[]) => {
  const byId = new Map(side.map((row) => [row.id, row]))
  for (const row of side) {
    const corrected = byId.get(row.corrects ?? '')
    if (corrected && row.left < 0 && corrected.left > 0) offset(corrected, row)
    if (corrected && row.left > 0 && corrected.left < 0) offset(row, corrected)
  }
  inTurn(positive(side), negative(side), offset)
}

const smaller = (a: Open, b: Open) => (Math.abs(a.left) < Math.abs(b.left) ? a.left : b.left)

// A payout that comes short is mostly one without its fee: no listing fee is a quarter.
const NEAR = 0.25

const nearestTo = (row: Open, candidates: Open[]): Open | undefined => {
  const distance = ({ left }: Open) => Math.abs(left - row.left)
  const near = candidates.filter((each) => each.left !== 0 && distance(each) <= NEAR * Math.abs(each.left))
  return near.reduce<Open | undefined>((best, each) => (best && distance(best) <= distance(each) ? best : each), undefined)
}

/** Rows of nearly the same amount, the nearest: what differs is left of the larger one. */
const matchNear = ({ ours, theirs }: Matched) => {
  for (const row of theirs.filter(({ left }) => left !== 0)) {
    const untouched = ours.filter(({ paid }) => paid === 0)
    const other = nearestTo(row, untouched)
    if (other) meet(other, row, smaller(other, row))
  }
}

/**
 * Matches two sides: equal amounts first, then nearly equal ones, then each side's returns against its own rows and equal amounts once
 * more, then what is still whole of theirs with the oldest of ours, in parts. What both sides lose is the same, so that
 * Σ left of ours − Σ left of theirs is Σ ours − Σ theirs.
 */
export const matchRows = (ours: readonly Entry[], theirs: readonly Entry[]): Matched => {
  const matched = { ours: openOf(ours), theirs: openOf(theirs) }
  matchEqual(matched)
  matchNear(matched)
  settleWithin(matched.ours)
  settleWithin(matched.theirs)
  matchEqual(matched)
  const whole = matched.theirs.filter(({ paid }) => paid === 0)
  for (const part of [positive, negative]) inTurn(part(matched.ours), part(whole), (a, b) => meet(a, b, smaller(a, b)))
  return matched
}

/** Invoices and payouts: what was paid out and is taken back whole is as if it had never been paid. */
export const matchPayouts = (billed: readonly Entry[], cash: readonly Entry[]): Matched => {
  const { ours, theirs } = matchRows(billed, cash)
  for (const back of theirs) {
    const row = back.left === 0 ? undefined : ours.findLast(({ paid, left }) => paid === -back.left && left === 0)
    if (row) meet(row, back, back.left)
  }
  return { ours, theirs }
}
