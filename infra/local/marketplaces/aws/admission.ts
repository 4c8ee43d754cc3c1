import type { World } from '../stand-in.ts'
import { AGREEMENTS } from './agreements.ts'
import { type ChangeSet, entitiesOf } from './change-set.ts'
import { apiError } from './endpoint.ts'
import { OFFERS, type Offer } from './offer.ts'
import { PRODUCTS, type Product, SELLER } from './products.ts'
import { type Change, invalidRequest, isOfOffer, isOfProduct } from './request.ts'

const MOST_OPEN = 250
const MOST_OFFERS_IN_WORK = 20

const notFound = (what: string) => apiError('ResourceNotFoundException', `${what} does not exist`)

const checkOffer = async (world: World, { entity, revision }: Change) => {
  const offer = await world.shelf.get<Offer>(OFFERS, entity)
  if (!offer) throw notFound(entity)
  if (revision !== undefined && revision !== offer.revision)
    throw invalidRequest(`${entity}@${revision} is stale: the latest revision is ${offer.id}@${offer.revision}`)
}

const checkProduct = async (world: World, id: string) => {
  const product = await world.shelf.get<Product>(PRODUCTS, id)
  if (!product) throw notFound(id)
  if (product.sellerAccountId !== SELLER.accountId)
    throw apiError('AccessDeniedException', `${id} is the product of another seller`)
}

const checkAgreement = async (world: World, id: string) => {
  if (!(await world.shelf.get(AGREEMENTS, id))) throw notFound(id)
}

/** Checks that offers and products exist, in the revision that the caller knows. */
export const checkEntities = async (world: World, changes: Change[]) => {
  for (const change of changes) {
    if (change.type === 'CreateOffer') await checkProduct(world, change.fields.ProductId)
    else if (change.type === 'CreateReplacementOffer') await checkAgreement(world, change.fields.AgreementId)
    else if (isOfProduct(change)) await checkProduct(world, change.entity)
    else if (!change.entity.startsWith('$')) await checkOffer(world, change)
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
