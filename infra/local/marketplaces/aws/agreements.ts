import { conflict, notFound, ServiceError } from '../../../../lib/core/errors.ts'
import type { World } from '../stand-in.ts'
import { agreementCreated, agreementEnded } from './agreement-events.ts'
import { hex } from './events.ts'
import { commit, transact, type Write } from './journal.ts'
import { buyersOf, isExpired, OFFERS, type Offer, periodOf } from './offer.ts'
import type { Term } from './term-fields.ts'
import { type Selection, select } from './terms.ts'

/** `month` is the one that is billed, where it is not that of the issue. */
export type Invoice = { id: string; type: 'INVOICE' | 'CREDIT_MEMO'; amount: string; issuedTime: string; month?: string }

export type Adjustment = {
  id: string
  invoiceId: string
  /** Positive, as in the request. */
  amount: string
  reasonCode: string
  status: 'PENDING' | 'COMPLETED' | 'VALIDATION_FAILED'
  createdAt: string
  updatedAt: string
  clientToken?: string
}

/** An accepted offer with its invoices and refunds. `startTime` differs from `acceptanceTime` when it lies in the future. */
export type Agreement = {
  id: string
  offerId: string
  productId: string
  buyerAccountId: string
  /** The authorisation that its offer was made from. */
  resaleAuthorizationId?: string
  status: 'ACTIVE' | 'CANCELLED' | 'EXPIRED' | 'RENEWED' | 'REPLACED'
  acceptanceTime: string
  startTime: string
  endTime?: string
  lastUpdateTime: string
  licenseArn: string
  initialAgreementId: string
  previousAgreementId?: string
  currencyCode: string
  terms: Term[]
  selection?: Selection
  /** Whether the buyer wants it renewed at its end, and how often it was. */
  autoRenews?: boolean
  renewals?: number
  invoices: Invoice[]
  adjustments: Adjustment[]
  /** Another offer that the agreement seems to be of until then. */
  mistaken?: { offerId: string; until: string }
}

export const AGREEMENTS = 'aws.agreements'

export const agreementWrite = (agreement: Agreement): Write => ({ collection: AGREEMENTS, id: agreement.id, document: agreement })

/** The agreement as it is told now. */
export const asTold = (agreement: Agreement, now: Date): Agreement => {
  const { mistaken } = agreement
  return mistaken && now.toISOString() < mistaken.until ? { ...agreement, offerId: mistaken.offerId } : agreement
}

/** Another offer of the product that this buyer could have accepted, where the fault asks for a mistake. */
const mistakenFor = async (world: World, { id, productId }: Offer, buyerAccountId: string) => {
  const fault = world.faults.take('aws.acceptances')
  if (!fault) return {}
  const offers = await world.shelf.list<Offer>(OFFERS)
  const other = offers.find((each) => each.id !== id && each.productId === productId && buyersOf(each).includes(buyerAccountId))
  const until = new Date(world.now().getTime() + fault.seconds * 1000).toISOString()
  return other ? { mistaken: { offerId: other.id, until } } : {}
}

/** What the buyer chooses when it accepts. */
type Wish = Partial<Selection> & { autoRenew?: boolean | undefined }

/** The agreement of a test hook. */
export const findAgreement = async (world: World, id: string) => {
  const agreement = await world.shelf.get<Agreement>(AGREEMENTS, id)
  if (!agreement) throw notFound('agreement', id)
  return agreement
}

/** The agreement of a test hook, if it can still change. */
export const findActive = async (world: World, id: string) => {
  const agreement = await findAgreement(world, id)
  if (agreement.status !== 'ACTIVE')
    throw conflict(`the agreement is ${agreement.status}: only an ACTIVE one can change`, 'agreementId')
  return agreement
}

/** A new id with the license that comes with it. */
export const identity = (world: World) => {
  const id = `agmt-${world.newId(25)}`
  return { id, licenseArn: `arn:aws:license-manager::294406891311:license:l-${hex(id)}` }
}

const checkAcceptable = async (world: World, offer: Offer, buyerAccountId: string) => {
  if (offer.state !== 'Released') throw conflict('the offer is not released: wait until its change set has succeeded', 'offerId')
  if (!buyersOf(offer).includes(buyerAccountId))
    throw new ServiceError('forbidden', 'the offer is for other accounts: accept it with a targeted one', {
      target: 'buyerAccountId',
    })
  if (isExpired(offer, world.now().toISOString().slice(0, 10)))
    throw conflict(`the offer expired on ${offer.availabilityEndDate}: extend it first`, 'offerId')
  const agreements = await world.shelf.list<Agreement>(AGREEMENTS)
  if (agreements.some((each) => each.offerId === offer.id && each.buyerAccountId === buyerAccountId))
    throw conflict('the account has already accepted the offer', 'offerId')
}

const currencyOf = (terms: Term[]) => terms.flatMap((term) => ('CurrencyCode' in term ? [term.CurrencyCode] : []))[0] ?? 'USD'

/** The agreement when it is over. */
export const ended = (agreement: Agreement, status: Agreement['status'], at: string): Agreement => ({
  ...agreement,
  status,
  lastUpdateTime: at,
})

/** The agreement that an acceptance makes. One that takes another's place stays in its chain. */
const accepted = (world: World, offer: Offer, buyerAccountId: string, wish: Wish, old?: Agreement): Agreement => {
  const now = world.now().toISOString()
  const selection = select(offer.terms, wish)
  const { start, end } = periodOf(offer, now, selection?.duration)
  const { id, licenseArn } = identity(world)
  const { resaleAuthorizationId } = offer
  return {
    ...{ id, licenseArn, offerId: offer.id, buyerAccountId, productId: offer.productId, status: 'ACTIVE' },
    ...(resaleAuthorizationId && { resaleAuthorizationId }),
    ...{ initialAgreementId: old?.initialAgreementId ?? id, ...(old && { previousAgreementId: old.id }) },
    ...{ acceptanceTime: now, startTime: start, lastUpdateTime: now, ...(end && { endTime: end }) },
    ...{ currencyCode: currencyOf(offer.terms), terms: offer.terms, ...(selection && { selection }) },
    ...(wish.autoRenew && { autoRenews: true }),
    ...{ invoices: [], adjustments: [] },
  }
}

/** The buyer accepts a released offer, and of a configurable price takes one of everything unless it selects otherwise. */
export const acceptOffer = (world: World, offerId: string, buyerAccountId: string, wish: Wish = {}) =>
  transact(world, async (): Promise<Agreement> => {
    const offer = await world.shelf.get<Offer>(OFFERS, offerId)
    if (!offer) throw notFound('offer', offerId)
    await checkAcceptable(world, offer, buyerAccountId)
    const old = offer.replaces ? await findActive(world, offer.replaces) : undefined
    const mistake = await mistakenFor(world, offer, buyerAccountId)
    const agreement = { ...accepted(world, offer, buyerAccountId, wish, old), ...mistake }
    const over = old ? [ended(old, 'REPLACED', agreement.acceptanceTime)] : []
    const events = [
      agreementCreated(world, asTold(agreement, world.now())),
      ...over.map((each) => agreementEnded(world, each, each.lastUpdateTime)),
    ]
    await commit(world, [agreement, ...over].map(agreementWrite), events)
    return agreement
  })

/** Ends an agreement before its time. */
export const cancelAgreement = (world: World, agreementId: string) =>
  transact(world, async (): Promise<Agreement> => {
    const now = world.now().toISOString()
    const agreement = ended(await findActive(world, agreementId), 'CANCELLED', now)
    await commit(world, [agreementWrite(agreement)], [agreementEnded(world, agreement, now)])
    return agreement
  })

/** Ends the agreement when its time is over. */
export const expire = async (world: World, agreement: Agreement) => {
  const { status, endTime } = agreement
  if (status !== 'ACTIVE' || !endTime || endTime > world.now().toISOString()) return
  const over = ended(agreement, 'EXPIRED', endTime)
  await commit(world, [agreementWrite(over)], [agreementEnded(world, over, endTime)])
}
