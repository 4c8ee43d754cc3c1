import { conflict, notFound, ServiceError } from '../../../../lib/core/errors.ts'
import { addMonths } from '../../../../lib/core/period.ts'
import type { World } from '../stand-in.ts'
import { resoldAgreementCreated } from './agreement-events.ts'
import {
  AUTHORIZATIONS,
  type Authorization,
  authorizationWrite,
  authorizedBuyers,
  isOver,
  newAuthorization,
} from './authorization.ts'
import { offerReleased } from './change-set-events.ts'
import { commit, transact } from './journal.ts'
import { DEFAULT_PRODUCT, PRODUCTS, type Product, SELLER } from './products.ts'

/** An offer that another seller made from an authorisation of ours, and its agreement; our account cannot ask for either. */
type Resale = { id: string; authorizationId: string; agreementId: string; buyerAccountId: string; markupPercent: string }

const RESALES = 'aws.resales'

const given = async (world: World, id: string) => {
  const authorization = await world.shelf.get<Authorization>(AUTHORIZATIONS, id)
  if (authorization?.manufacturer.accountId !== SELLER.accountId) throw notFound('resale authorization', id)
  return authorization
}

const checkUsable = async (world: World, authorization: Authorization, buyerAccountId: string) => {
  const { id, state, availabilityEndDate, offersMaxQuantity = Number.POSITIVE_INFINITY } = authorization
  if (state !== 'Active') throw conflict(`the resale authorization is ${state}, not Active`, 'authorizationId')
  if (isOver(authorization, world.now().toISOString().slice(0, 10)))
    throw conflict(`the resale authorization expired on ${availabilityEndDate}`, 'authorizationId')
  const made = (await world.shelf.list<Resale>(RESALES)).filter(({ authorizationId }) => authorizationId === id)
  if (made.length >= offersMaxQuantity)
    throw conflict('the resale authorization is for one offer, which exists', 'authorizationId')
  if (authorizedBuyers(authorization)?.includes(buyerAccountId) === false)
    throw new ServiceError('forbidden', 'the resale authorization is for other buyers', { target: 'buyerAccountId' })
}

/** The reseller makes an offer from an authorisation that we gave it, and its buyer accepts at once: both events come to us. */
export const resell = (world: World, authorizationId: string, sale: { buyerAccountId: string; markupPercent: string }) =>
  transact(world, async (): Promise<Resale> => {
    const authorization = await given(world, authorizationId)
    await checkUsable(world, authorization, sale.buyerAccountId)
    const at = world.now().toISOString()
    const resale = { id: `offer-${world.newId(13)}`, agreementId: `agmt-${world.newId(25)}`, authorizationId, ...sale }
    const { productId, name, resellerAccountId } = authorization
    const seller = { accountId: resellerAccountId, name: `Reseller ${resellerAccountId}` }
    const targeting = { PositiveTargeting: { BuyerAccounts: [sale.buyerAccountId] } }
    const offer = {
      id: resale.id,
      name,
      productId,
      lastModifiedDate: at,
      availabilityEndDate: addMonths(at.slice(0, 10), 1),
      targeting,
    }
    const product = await world.shelf.get<Product>(PRODUCTS, productId)
    const { agreementId, id: offerId, buyerAccountId } = resale
    const events = [
      offerReleased(world, offer, product, { seller }),
      resoldAgreementCreated(world, { agreementId, offerId, authorizationId, buyerAccountId, seller, at }),
    ]
    await commit(world, [{ collection: RESALES, id: resale.id, document: resale }], events)
    return resale
  })

/** The product that another seller lets us resell. */
export const THEIR_PRODUCT: Product = {
  ...DEFAULT_PRODUCT,
  id: 'prod-theirs0archive',
  title: 'Archive Cloud',
  sellerAccountId: '210000000001',
}

/** A wholesale contract: `charges` in USD as decimal texts, `until` the last day to make offers from it. */
export type Wholesale = {
  months: number
  charges: { on: string; amount: string }[]
  buyerAccountIds?: string[] | undefined
  until?: string | undefined
}

const wholesaleTerms = ({ months, charges, buyerAccountIds }: Wholesale): Authorization['terms'] => {
  const Grants = [{ DimensionKey: 'seats', MaxQuantity: 100 }]
  const Schedule = charges.map(({ on, amount }) => ({ ChargeDate: on, ChargeAmount: amount }))
  return [
    { Type: 'ResaleFixedUpfrontPricingTerm', CurrencyCode: 'USD', Price: '0.00', Duration: `P${months}M`, Grants },
    { Type: 'ResalePaymentScheduleTerm', CurrencyCode: 'USD', Schedule },
    { Type: 'BuyerLegalTerm', Documents: [{ Type: 'StandardEula' }] },
    ...(buyerAccountIds ? [targetingOf(buyerAccountIds)] : []),
  ]
}

const targetingOf = (BuyerAccounts: string[]) => ({ Type: 'BuyerTargetingTerm' as const, PositiveTargeting: { BuyerAccounts } })

/** Another seller gives us a one-time authorisation to resell its product. */
export const receiveAuthorization = (world: World, wholesale: Wholesale) =>
  transact(world, async (): Promise<Authorization> => {
    const at = world.now().toISOString()
    const authorization: Authorization = {
      ...newAuthorization(`resaleauthz-${world.newId(13)}`, at),
      ...{ revision: 1, state: 'Active', name: 'Archive for a deal', resellerAccountId: SELLER.accountId, offersMaxQuantity: 1 },
      ...{ manufacturer: { accountId: THEIR_PRODUCT.sellerAccountId, name: 'Archive Makers' }, productId: THEIR_PRODUCT.id },
      ...{ pricingModel: 'Contract', terms: wholesaleTerms(wholesale), availabilityEndDate: wholesale.until },
    }
    const product = { collection: PRODUCTS, id: THEIR_PRODUCT.id, document: THEIR_PRODUCT }
    await commit(world, [product, authorizationWrite(authorization)])
    return authorization
  })
