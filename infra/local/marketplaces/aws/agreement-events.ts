import type { World } from '../stand-in.ts'
import type { Adjustment, Agreement } from './agreements.ts'
import { after } from './duration.ts'
import { lockoutStart } from './end-time.ts'
import { envelope, seconds } from './events.ts'
import { type Product, SELLER } from './products.ts'

type Told = [world: World, at: string, type: string, detail: Record<string, unknown>, resources: string[], role?: string]

const told = (...[world, at, type, detail, resources, role = 'Proposer']: Told) =>
  envelope(world, at, {
    source: 'aws.agreement-marketplace',
    'detail-type': `Purchase Agreement ${type} - ${role}`,
    resources,
    detail: { catalog: 'AWSMarketplace', ...detail },
  })

const resourceOf = ({ id }: { id: string }) => [`arn:aws:aws-marketplace::aws:agreement:${id}`]

// How an event tells that there is no end.
const NEVER = '9999-01-01T00:00:00Z'

const parties = ({ buyerAccountId, resaleAuthorizationId }: Agreement) => ({
  resaleAuthorization: { id: resaleAuthorizationId ?? null },
  acceptor: { accountId: buyerAccountId },
  proposer: { accountId: SELLER.accountId },
})

const renewalDetail = (agreement: Agreement, { id, title }: Pick<Product, 'id' | 'title'>) => ({
  agreement: {
    id: agreement.id,
    intent: 'RENEW',
    status: agreement.status,
    acceptanceTime: seconds(agreement.acceptanceTime),
    startTime: seconds(agreement.startTime),
    endTime: seconds(agreement.endTime ?? NEVER),
    previousAgreementId: agreement.previousAgreementId,
  },
  acceptor: { accountId: agreement.buyerAccountId },
  proposer: { name: SELLER.name, accountId: SELLER.accountId },
  offer: { id: agreement.offerId },
  product: { id, title },
})

const newDetail = (agreement: Agreement) => {
  const { id, status, acceptanceTime, startTime, endTime = NEVER } = agreement
  const intent = agreement.previousAgreementId ? 'REPLACE' : 'NEW'
  return {
    agreement: { id, intent, status, acceptanceTime, startTime, endTime },
    ...parties(agreement),
    offer: { id: agreement.offerId },
  }
}

/** Tells of an accepted offer, new or in another's place; of a renewal when its product is given. */
export const agreementCreated = (world: World, agreement: Agreement, product?: Product) => {
  const detail = product ? renewalDetail(agreement, product) : newDetail(agreement)
  return told(world, agreement.acceptanceTime, 'Created', detail, resourceOf(agreement))
}

/** Tells that the buyer has switched the renewal on or off. */
export const agreementAmended = (world: World, agreement: Agreement, product?: Product) => {
  const { id, status, acceptanceTime, startTime, endTime = NEVER, autoRenews = false } = agreement
  const locked = lockoutStart(agreement)
  const detail = {
    agreement: { id, intent: 'AMEND', status, acceptanceTime, startTime, endTime, autoRenewalEnabled: autoRenews },
    ...parties(agreement),
    offer: { id: agreement.offerId },
    renewalSummary: { lockoutStartTime: locked ? seconds(locked) : null, disabledBy: autoRenews ? null : 'ACCEPTOR' },
    product: { id: agreement.productId, title: product?.title },
  }
  return told(world, agreement.lastUpdateTime, 'Amended', detail, resourceOf(agreement))
}

/** Tells of an end; a cancellation does not name the offer. */
export const agreementEnded = (world: World, agreement: Agreement, at: string) => {
  const { id, status, offerId } = agreement
  const offer = status === 'CANCELLED' ? {} : { offer: { id: offerId } }
  return told(world, at, 'Ended', { agreement: { id, status }, ...parties(agreement), ...offer }, resourceOf(agreement))
}

type Resold = {
  agreementId: string
  offerId: string
  authorizationId: string
  buyerAccountId: string
  seller: { accountId: string }
  at: string
}

/** Tells the manufacturer that an offer which another seller made from its authorisation was accepted. */
export const resoldAgreementCreated = (world: World, { agreementId: id, seller, at, ...resold }: Resold) => {
  const detail = {
    agreement: { id, intent: 'NEW', status: 'ACTIVE', acceptanceTime: at, startTime: at, endTime: after(at, 'P12M') },
    resaleAuthorization: { id: resold.authorizationId },
    acceptor: { accountId: resold.buyerAccountId },
    proposer: { accountId: seller.accountId },
    offer: { id: resold.offerId },
  }
  return told(world, at, 'Created', detail, resourceOf({ id }), 'Manufacturer')
}

/** Tells the outcome of a refund, whose amount is negative here. */
export const adjustmentEnded = (world: World, agreement: Agreement, adjustment: Adjustment) => {
  const outcome = adjustment.status === 'COMPLETED' ? 'Completed' : 'Failed'
  const detail = {
    agreement: { id: agreement.id },
    billingAdjustmentRequest: {
      id: adjustment.id,
      adjustmentAmount: `-${adjustment.amount}`,
      currencyCode: agreement.currencyCode,
      adjustmentReasonCode: adjustment.reasonCode,
    },
    invoice: { originalInvoiceId: adjustment.invoiceId },
  }
  return told(world, adjustment.updatedAt, `Billing Adjustment ${outcome}`, detail, [])
}
