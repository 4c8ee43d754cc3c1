import { mustBe } from '../core/access.ts'
import type { Actor, Context } from '../core/context.ts'
import { invalid, isCode, notFound } from '../core/errors.ts'
import { cursorIn, cursorText, endOf, type Part } from '../feed/sequence.ts'
import { type DeliveryView, reopened, viewOf as viewOfDelivery } from './delivery.ts'
import { viewOf, type Webhook } from './endpoint.ts'
import { redrive } from './registration.ts'
import type { WebhookStore } from './store.ts'

type Store = { store: Pick<WebhookStore, 'get' | 'keep' | 'delivery'> }
export type Sequence = { sequence: { last: () => Promise<Part | undefined>; part: (first: number) => Promise<Part | undefined> } }

const MARK_LENGTH = 12

/** A cursor of the feed as its answers tell it, with the mark of its list, or as a webhook does. */
const unmarked = (text: string) => cursorIn(text) ?? cursorIn(text.slice(MARK_LENGTH))

/** The cursor, if there is such a place in the sequence: behind a place that is none nothing would ever come. */
export const placeOf = async ({ sequence }: Sequence, text: string): Promise<string> => {
  const cursor = unmarked(text)
  const part = cursor && (await sequence.part(cursor.first))
  const isPlace = part
    ? cursor.offset < part.entries.length
    : cursor?.offset === 0 && cursor.first === endOf(await sequence.last())
  if (cursor && isPlace) return cursorText(cursor)
  throw invalid('the cursor is no place in the feed', [
    { target: 'cursor', message: 'take it from an answer of the feed or of the webhook; 0.0 is the first event' },
  ])
}

const MAX_REPEATS = 10

/** Who sends notes how far it is every moment: a decision about that is made anew until it is about what is so. */
const untilFresh = async <T>(work: () => Promise<T>, repeats = 0): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!isCode(error, 'stale_version') || repeats >= MAX_REPEATS) throw error
    return untilFresh(work, repeats + 1)
  }
}

export const redriveWebhook =
  (dependencies: Store & Sequence) =>
  async (actor: Actor, id: string, cursor: string, context: Context): Promise<Webhook> => {
    mustBe(actor, 'platform')
    const { endpoint } = await dependencies.store.get(id)
    const place = await placeOf(dependencies, cursor)
    return untilFresh(async () => {
      const before = await dependencies.store.get(id)
      const { progress, events } = redrive(before.progress, place, actor, context)
      const answer = viewOf({ endpoint, progress }, context.now)
      await dependencies.store.keep({ progress, events }, context, answer)
      return answer
    })
  }

/** Tries a delivery again at once, a dead one for three more days. */
export const redriveDelivery =
  ({ store }: Store) =>
  async (actor: Actor, id: string, deliveryId: string, context: Context): Promise<DeliveryView> => {
    mustBe(actor, 'platform')
    return untilFresh(async () => {
      const before = await store.delivery(id, deliveryId)
      if (!before) throw notFound('delivery', deliveryId)
      const delivery = reopened(before, context.now)
      await store.keep({ deliveries: [delivery] }, context, viewOfDelivery(delivery))
      return viewOfDelivery(delivery)
    })
  }
