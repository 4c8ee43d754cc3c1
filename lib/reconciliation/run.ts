import type { TransactionData } from '../../events/metrics.ts'
import { type Context, today } from '../core/context.ts'
import { isCode } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import type { Offer, OfferStatus } from '../offers/offer.ts'
import { addBalances } from './balance.ts'
import { advance, type Outcome, runningOf } from './cycle.ts'
import { type Found, find, foundIn, resolve } from './exception.ts'
import { type AcceptedOffer, acceptedOf, type Matter, type Standing } from './matter.ts'
import { mattersOf, reconcile, type Unread } from './reconciliation.ts'
import type { ReconciliationRule } from './rule.ts'
import type { ReconciliationStore } from './store.ts'

export type Dependencies = {
  store: Pick<ReconciliationStore, 'known' | 'liveOf' | 'save' | 'cycle' | 'keepCycle'>
  accounts: { idsAfter: (id: string) => AsyncIterable<string> }
  transactions: { ofAccount: (accountId: string) => AsyncIterable<TransactionData> }
  offers: { list: (query: PageQuery & { status: OfferStatus }) => Promise<Page<Offer>> }
  agreements: { standing: (marketplace: 'aws' | 'azure', id: string) => Promise<Standing | undefined> }
  rule: ReconciliationRule
  hash: (text: string) => string
}

type Offers = Map<string, AcceptedOffer[]>

/** The accepted offers by account, in as many words as are needed of each. */
const acceptedOffers = async ({ offers }: Dependencies): Promise<Offers> => {
  const found: AcceptedOffer[] = []
  let cursor: string | undefined
  do {
    const page = await offers.list({ status: 'accepted', limit: 100, cursor })
    found.push(...page.items.flatMap((offer) => acceptedOf(offer) ?? []))
    cursor = page.cursor
  } while (cursor)
  return Map.groupBy(found, ({ accountId }) => accountId)
}

const readMatter = async ({ agreements }: Dependencies, matter: Unread): Promise<Matter> => {
  const { marketplace, agreementId } = matter
  return { ...matter, standing: agreementId ? await agreements.standing(marketplace, agreementId) : undefined }
}

/** Keeps what is found, and resolves what is found no more. */
const keep = async ({ store }: Dependencies, accountId: string, found: Found[], context: Context) => {
  const ids = new Set(found.map(({ id }) => id))
  const gone = (await Array.fromAsync(store.liveOf(accountId))).filter((id) => !ids.has(id))
  const known = await store.known([...ids, ...gone])
  for (const each of found) {
    const decided = find(each, known.get(each.id), context)
    if (decided) await store.save(decided, context)
  }
  for (const id of gone) {
    const before = known.get(id)
    if (before && before.state !== 'resolved') await store.save(resolve(before, context), context)
  }
}

const reconcileAccount = async (
  dependencies: Dependencies,
  accountId: string,
  offers: AcceptedOffer[],
  context: Context,
): Promise<Outcome> => {
  const { transactions, rule, hash } = dependencies
  const rows = await Array.fromAsync(transactions.ofAccount(accountId))
  const found: Found[] = []
  const balances = []
  const unread = mattersOf(accountId, rows, offers)
  for (const each of unread) {
    const matter = await readMatter(dependencies, each)
    const reconciled = reconcile(matter, rule, today(context))
    found.push(...reconciled.findings.map((finding) => foundIn(matter, finding, hash)))
    balances.push(...reconciled.balances)
  }
  await keep(dependencies, accountId, found, context)
  return { agreements: unread.filter(({ agreementId }) => agreementId).length, balances: addBalances(balances) }
}

type Run = { context: () => Context; isOver: () => boolean; onError: (error: unknown, id: string) => Promise<void> }

/** A person who decides on an exception meanwhile is faster: the account is begun again once. */
const attempt = async (work: () => Promise<Outcome>): Promise<Outcome> =>
  work().catch((error: unknown) => (isCode(error, 'stale_version') || isCode(error, 'conflict') ? work() : Promise.reject(error)))

const goThrough = async (dependencies: Dependencies, { context, isOver, onError }: Run) => {
  const { store, accounts } = dependencies
  let cycle = await store.cycle()
  let running = runningOf(cycle, context().now)
  if (!running) return
  const offers = await acceptedOffers(dependencies)
  for await (const accountId of accounts.idsAfter(running.after)) {
    if (isOver()) return
    const work = () => reconcileAccount(dependencies, accountId, offers.get(accountId) ?? [], context())
    const outcome = await attempt(work).catch(async (error: unknown): Promise<Outcome> => {
      await onError(error, accountId)
      return undefined
    })
    running = advance(running, accountId, outcome)
    cycle = await store.keepCycle({ ...cycle, running })
  }
  const { running: _, ...rest } = cycle
  await store.keepCycle({ ...rest, last: { startedAt: running.startedAt, sums: running.sums } })
}

/**
 * Reconciles all accounts, once a day. A run that ends early, or dies, is gone on with by the next one behind the last account that is in
 * its sums; doing an account again changes nothing. An account that fails is told, and does not hold up the others. Of two runs at the
 * same time the slower one stops.
 */
export const reconcileBooks =
  (dependencies: Dependencies) =>
  async (run: Run): Promise<void> => {
    await goThrough(dependencies, run).catch((error: unknown) => {
      if (!isCode(error, 'stale_version')) throw error
    })
  }
