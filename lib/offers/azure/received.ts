import * as z from '../../core/schema.ts'
import type { AzureOffer, Problem } from '../offer.ts'
import { sellingPart } from './plan.ts'

// A multiparty offer as its originator fixed it. What we send back of it goes as it was read; null means absent.

const Item = z.looseObject({ product: z.string(), plan: z.nullish(z.string()) })

const whatever = z.optional(z.unknown())

export const Received = z.object({
  name: z.string(),
  privateOfferType: z.string(),
  state: z.string(),
  offerPricingType: z.nullish(z.string()),
  variableStartDate: whatever,
  start: whatever,
  end: whatever,
  acceptBy: z.nullish(z.string()),
  beneficiaries: whatever,
  partners: whatever,
  originatorTermsAndConditionsDocs: z.nullish(z.array(z.unknown())),
  originatorPricing: z.nullish(z.array(Item)),
  eTag: whatever,
})
export type Received = z.infer<typeof Received>

type Item = z.infer<typeof Item>
type Part = ReturnType<typeof sellingPart>

const problem = (code: string, target: string, message: string): Problem => ({ code, target, message })

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

const isFor = (item: Item, markup: Part['originatorPricing'][number]) =>
  isSame(item.product, markup.product) && isSame(item.plan ?? '', markup.plan ?? '')

const nameOf = ({ product, plan }: { product: string; plan?: string | null | undefined }) => plan ?? product

const MAX_DOCUMENTS = 5

export const NOT_RECEIVED = problem(
  'not_received',
  'receivedOfferId',
  'this is no multiparty offer that an originator sent you: give the id that Partner Center shows under received offers',
)
const PUBLISHED = problem(
  'already_published',
  'receivedOfferId',
  'it is published already, or waits for its originator: withdraw it first to publish it with other words',
)

/** Whether the offer lies with us: fixed by its originator, not published yet. */
const standing = ({ privateOfferType, state }: Received, part: Part): Problem | undefined => {
  if (!isSame(privateOfferType, part.privateOfferType)) return NOT_RECEIVED
  return isSame(state, 'draft') ? undefined : PUBLISHED
}

const misfits = (received: Received, part: Part, { expiresOn, termsDocuments = [] }: AzureOffer): Problem[] => {
  const items = received.originatorPricing ?? []
  const bare = items.filter((item) => !part.originatorPricing.some((markup) => isFor(item, markup)))
  const stray = part.originatorPricing.filter((markup) => !items.some((item) => isFor(item, markup)))
  const documents = termsDocuments.length + (received.originatorTermsAndConditionsDocs?.length ?? 0)
  return [
    ...bare.map((item) =>
      problem('markup_missing', 'pricing.markups', `the originator prices ${nameOf(item)}: say your markup on it`),
    ),
    ...stray.map((markup) =>
      problem('markup_stray', 'pricing.markups', `the originator prices no ${nameOf(markup)}: take this markup away`),
    ),
    ...(received.acceptBy?.slice(0, 10) === expiresOn
      ? []
      : [problem('expiry_differs', 'expiresOn', `the originator has set the last day for accepting: take ${received.acceptBy}`)]),
    ...(documents > MAX_DOCUMENTS
      ? [problem('terms_too_many', 'termsDocuments', 'both parties together have at most five documents: leave some out')]
      : []),
  ]
}

const present = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))

/** The whole request for our part of a received offer, or why it does not fit what the originator has set. */
export const completed = (offer: AzureOffer, received: Received): { resource: object } | { refused: Problem[] } => {
  const part = sellingPart(offer)
  const standstill = standing(received, part)
  const refused = standstill ? [standstill] : misfits(received, part, offer)
  if (refused.length) return { refused }
  const originatorPricing = (received.originatorPricing ?? []).map((item) => {
    const markup = part.originatorPricing.find((each) => isFor(item, each))
    return { ...present(item), markupPercentage: markup?.markupPercentage }
  })
  return { resource: { ...present(received), ...part, originatorPricing } }
}
