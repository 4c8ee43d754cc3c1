import type { World } from '../stand-in.ts'
import { AGREEMENTS, type Agreement } from './agreements.ts'
import { AUTHORIZATIONS, type Authorization } from './authorization.ts'
import { type ChangeSet, entitiesOf } from './change-set.ts'
import { apiError } from './endpoint.ts'
import { OFFERS, type Offer } from './offer.ts'
import { PRODUCTS, type Product, SELLER } from './products.ts'
import { type Change, invalidRequest, isOfAuthorization, isOfOffer, isOfProduct } from './request.ts'

const MOST_OPEN = 250
const MOST_OFFERS_IN_WORK = 20
const REPLACED_RESALE = 'CreateReplacementOfferUsingResaleAuthorization'

const notFound = (what: string) => apiError('ResourceNotFoundException', `${what} does not exist`)

const checkRevision = ({ entity, revision }: Change, known: { id: string; revision: number } | undefined) => {
  if (!known) throw notFound(entity)
  if (revision !== undefined && revision !== known.revision)
    throw invalidRequest(`${entity}@${revision} is stale: the latest revision is ${known.id}@${known.revision}`)
}

const checkGiven = async (world: World, change: Change) => {
  const authorization = await world.shelf.get<Authorization>(AUTHORIZATIONS, change.entity)
  checkRevision(change, authorization)
  if (authorization?.manufacturer.accountId !== SELLER.accountId)
    throw apiError('AccessDeniedException', `${change.entity} was given by another seller`)
}

/** Only what was given to the caller is there for it. */
const checkReceived = async (world: World, id: string) => {
  const authorization = await world.shelf.get<Authorization>(AUTHORIZATIONS, id)
  if (authorization?.resellerAccountId !== SELLER.accountId) throw notFound(id)
}

const checkProduct = async (world: World, id: string) => {
  const product = await world.shelf.get<Product>(PRODUCTS, id)
  if (!product) throw notFound(id)
  if (product.sellerAccountId !== SELLER.accountId)
    throw apiError('AccessDeniedException', `${id} is the product of another seller`)
}

const checkAgreement = async (world: World, id: string) => {
  const agreement = await world.shelf.get<Agreement>(AGREEMENTS, id)
  if (!agreement) throw notFound(id)
  return agreement
}

const checkReplaced = async (world: World, { type, fields }: Extract<Change, { type: typeof REPLACED_RESALE }>) => {
  await checkReceived(world, fields.ResaleAuthorizationId)
  const { status } = await checkAgreement(world, fields.AgreementId)
  const Message = `the agreement is ${status}: it must be active`
  if (status !== 'ACTIVE')
    throw invalidRequest('Request failed validation', [
      { Reason: 'FieldValidationFailed', ChangeType: type, Field: 'DetailsDocument.AgreementId', Message },
    ])
}

/** Checks that offers, products and authorisations exist, in the revision that the caller knows. */
export const checkEntities = async (world: World, changes: Change[]) => {
  for (const change of changes) {
    if (change.type === 'CreateOffer' || change.type === 'CreateResaleAuthorization')
      await checkProduct(world, change.fields.ProductId)
    else if (change.type === 'CreateOfferUsingResaleAuthorization')
      await checkReceived(world, change.fields.ResaleAuthorizationId)
    else if (change.type === 'CreateReplacementOffer') await checkAgreement(world, change.fields.AgreementId)
    else if (change.type === REPLACED_RESALE) await checkReplaced(world, change)
    else if (isOfProduct(change)) await checkProduct(world, change.entity)
    else if (change.entity.startsWith('$')) continue
    else if (isOfAuthorization(change)) await checkGiven(world, change)
    else checkRevision(change, await world.shelf.get<Offer>(OFFERS, change.entity))
  }
}

/** Checks locks and quotas against the change sets that run. */
export const checkCapacity = (running: ChangeSet[], changes: Change[]) => {
  const wanted = entitiesOf({ changes })
  const lock = running.find((each) => entitiesOf(each).some((entity) => !entity.startsWith('$') && wanted.includes(entity)))
  if (lock) throw apiError('ResourceInUseException', `an entity is locked by change set ${lock.id}`)
  if (running.length >= MOST_OPEN) throw apiError('ServiceQuotaExceededException', `${MOST_OPEN} change sets are open`)
  const inWork = [...running, { changes }].flatMap((each) => entitiesOf({ changes: each.changes.filter(isOfOffer) })).length
  if (inWork > MOST_OFFERS_IN_WORK) throw apiError('ServiceQuotaExceededException', `${MOST_OFFERS_IN_WORK} offers are in work`)
}
