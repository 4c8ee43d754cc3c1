import type { DomainEvent } from '../../events/index.ts'
import { mustBe } from '../core/access.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { isCode, unavailable } from '../core/errors.ts'
import { canonical } from '../metrics/document.ts'
import type { CountedRow, Derived } from '../verification/census.ts'
import { compareLinks } from '../verification/facts.ts'
import { freeze, idsUntil, type KeyedRow } from './frozen.ts'
import { type ClosedPeriod, type Closing, close, type Frozen, mustBeMonth, mustBeOver, mustBeReconciled } from './period.ts'
import type { PeriodStore } from './store.ts'

export type Dependencies = {
  store: PeriodStore
  rows: Pick<Derived, 'rows'> & {
    row: (key: string) => Promise<KeyedRow>
    allRows: (after?: string) => AsyncIterable<CountedRow>
  }
  events: () => AsyncIterable<DomainEvent>
  /** What reconciliation says of a month. */
  closable: (
    actor: Actor,
    asked: { period: string; threshold: number },
    context: Context,
  ) => Promise<ClosedPeriod['reconciliation']>
  put: (key: string, body: Uint8Array, contentType: string) => Promise<void>
  get: (key: string) => Promise<Uint8Array>
  sha256: (bytes: Uint8Array) => string
  currency: string
  /** In ten-thousandths. */
  grossMargin: number
}

const write = async ({ put, sha256 }: Dependencies, folder: string, name: string, text: string): Promise<Frozen> => {
  const body = new TextEncoder().encode(text)
  await put(`${folder}${name}`, body, 'application/json')
  return { name, bytes: body.length, sha256: sha256(body) }
}

const frozenNow = async ({ rows, events, currency, grossMargin }: Dependencies, period: string, asOf: string) => {
  // The feed before the rows, which follow it.
  const expected = await idsUntil(events(), asOf)
  const { row: rates } = await rows.row('RATES')
  const frozen = await freeze({ rates, rows: rows.allRows(), expected, settings: { currency, grossMargin, asOf, period } })
  const unlinked = await compareLinks(rows, frozen)
  if (unlinked.length > 0)
    throw unavailable(`${unlinked.length} rows do not know yet of refunds or credits of other accounts: try again in a minute`)
  return frozen
}

/**
 * Closes a month once. The files are there before the record that names them, so a close that dies leaves at most files that nobody
 * reads, and of two at the same time the one that comes second answers with the first.
 */
export const closePeriod =
  (dependencies: Dependencies) =>
  async (actor: Actor, period: string, closing: Closing, context: Context): Promise<ClosedPeriod> => {
    mustBe(actor, 'finance')
    mustBeMonth(period)
    const { store, closable } = dependencies
    const before = await store.find(period)
    if (before) return before
    mustBeOver(period, today(context))
    const reconciliation = await closable(actor, { period, threshold: closing.threshold ?? 0 }, context)
    if (closing.threshold !== undefined) mustBeReconciled(reconciliation)
    const { document, known } = await frozenNow(dependencies, period, context.now)
    // A folder of its own: no other close can replace its files.
    const folder = `closes/${period}/${context.newId('cls')}/`
    const metrics = await write(dependencies, folder, 'metrics.json', canonical(document))
    const ids = await write(dependencies, folder, 'known.json', JSON.stringify(known))
    const facts = { period, folder, document, metrics, known: ids, reconciliation }
    return store.save(close(facts, closing, actor, context), context).catch((error: unknown) => {
      if (isCode(error, 'conflict')) return store.get(period)
      throw error
    })
  }
