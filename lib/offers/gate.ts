import type { Marketplace } from './marketplace.ts'
import type { Offer } from './offer.ts'
import type { OfferStore } from './store.ts'

/** Whether another call may begin now; a yes takes a place. */
export type Gate = () => Promise<boolean>

const CALLING = ['submitting', 'extending', 'withdrawing', 'deleting'] as const

const openCalls = async (store: OfferStore, name: Offer['marketplace']) => {
  let open = 0
  for (const status of CALLING)
    for await (const id of store.idsWithStatus(status, name)) if ((await store.get(id)).submission?.open) open++
  return open
}

/**
 * Lets so many calls begin as the marketplace has places left, counted when it is first asked. Where two count at once the marketplace
 * refuses what is too much, and that waits with its call open.
 */
export const openGate = (store: OfferStore, { atOnce }: Marketplace, name: Offer['marketplace']): Gate => {
  if (atOnce === undefined) return async () => true
  let counting: Promise<void> | undefined
  let free = 0
  const count = async () => {
    free = atOnce - (await openCalls(store, name))
  }
  return async () => {
    counting ??= count()
    await counting
    free -= 1
    return free >= 0
  }
}
