import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { World } from '../stand-in.ts'
import { checkCapacity, checkEntities } from './admission.ts'
import { AGREEMENTS, type Agreement } from './agreements.ts'
import { AUTHORIZATIONS, type Authorization, authorizationWrite } from './authorization.ts'
import { type ChangeSet, changeSetDescription, conclude, dueTime, isKept, statusOf } from './change-set.ts'
import { changeSetEnded, offerReleased, offerSetReleased } from './change-set-events.ts'
import { apiError, type Operation } from './endpoint.ts'
import { arn } from './events.ts'
import { commit, type Write } from './journal.ts'
import { OFFERS, type Offer } from './offer.ts'
import { OFFER_SETS, type OfferSet, offerSetWrite } from './offer-set.ts'
import { byKey } from './paging.ts'
import { PRODUCTS, type Product, SELLER } from './products.ts'
import { invalidRequest, read, readRequest } from './request.ts'

// An ended change set moves, so that the open ones stay few.
const OPEN = 'aws.change-sets.open'
const ENDED = 'aws.change-sets.ended'
const TOKENS = 'aws.change-sets.tokens'

const open = (world: World) => world.shelf.list<ChangeSet>(OPEN)
const nowOf = (world: World) => world.now().toISOString()

type Token = { hash: string; id: string }
const hashOf = (body: string) => createHash('sha256').update(body).digest('hex')

const repeated = async (world: World, token: string | undefined, hash: string) => {
  const known = token === undefined ? undefined : await world.shelf.get<Token>(TOKENS, token)
  if (known && known.hash !== hash) throw invalidRequest('the ClientRequestToken was used for another request: take a new one')
  return known?.id
}

const named = (id: string) => ({ ChangeSetId: id, ChangeSetArn: arn('ChangeSet', id) })

/** Checks what can be checked at once and opens a change set. */
export const startChangeSet: Operation = async (world, input, body) => {
  const { changes, name, token } = readRequest(input)
  const hash = hashOf(body)
  const before = await repeated(world, token, hash)
  if (before) return named(before)
  await checkEntities(world, changes)
  checkCapacity(await open(world), changes)
  const id = world.newId(25)
  const changeSet: ChangeSet = { id, name: name ?? `Submitted by ${SELLER.accountId}`, startTime: nowOf(world), changes }
  await commit(world, [
    { collection: OPEN, id, document: changeSet },
    ...(token === undefined ? [] : [{ collection: TOKENS, id: token, document: { hash, id } satisfies Token }]),
  ])
  return named(id)
}

const ChangeSetId = z.object({ catalog: z.literal('AWSMarketplace'), changeSetId: z.string().min(1) })

const changeSetOf = async (world: World, input: unknown) => {
  const { changeSetId } = read(ChangeSetId, input)
  const found = (await world.shelf.get<ChangeSet>(OPEN, changeSetId)) ?? (await world.shelf.get<ChangeSet>(ENDED, changeSetId))
  if (!found || !isKept(found, nowOf(world)))
    throw apiError('ResourceNotFoundException', `change set ${changeSetId} does not exist`)
  return found
}

/** The state of a change set with the errors of its changes. */
export const describeChangeSet: Operation = async (world, input) =>
  changeSetDescription(await changeSetOf(world, input), nowOf(world))

const moved = (changeSet: ChangeSet): Write[] => [
  { collection: ENDED, id: changeSet.id, document: changeSet },
  { collection: OPEN, id: changeSet.id },
]

/** Stops a change set that is still PREPARING. */
export const cancelChangeSet: Operation = async (world, input) => {
  const changeSet = await changeSetOf(world, input)
  const at = nowOf(world)
  if (statusOf(changeSet, at) !== 'PREPARING')
    throw apiError('ResourceInUseException', `only a change set that is PREPARING can be cancelled: ${statusOf(changeSet, at)}`)
  const cancelled: ChangeSet = { ...changeSet, ended: { status: 'CANCELLED', at } }
  await commit(world, moved(cancelled), changeSetEnded(world, cancelled))
  return named(changeSet.id)
}

/** Open change sets and those that can still be asked for. */
export const allChangeSets = async (world: World) =>
  [...(await open(world)), ...(await world.shelf.list<ChangeSet>(ENDED))].filter((each) => isKept(each, nowOf(world)))

const byId = <T extends { id: string }>(all: T[]) => new Map(all.map((each) => [each.id, each]))

const finish = async (world: World, changeSet: ChangeSet) => {
  const at = dueTime(changeSet)
  if (world.faults.take('aws.catalog.ApplyChangeSet')) {
    const failed: ChangeSet = { ...changeSet, ended: { status: 'FAILED', at, failure: 'SERVER_FAULT' } }
    return commit(world, moved(failed), changeSetEnded(world, failed))
  }
  const offers = byId(await world.shelf.list<Offer>(OFFERS))
  const products = byId(await world.shelf.list<Product>(PRODUCTS))
  const agreements = byId(await world.shelf.list<Agreement>(AGREEMENTS))
  const authorizations = byId(await world.shelf.list<Authorization>(AUTHORIZATIONS))
  const offerSets = byId(await world.shelf.list<OfferSet>(OFFER_SETS))
  const around = { offers, products, agreements, authorizations, offerSets, newId: world.newId, at }
  const { changeSet: ended, ...made } = conclude(changeSet, around)
  const released = made.offers.filter(({ isReleased }) => isReleased)
  return commit(
    world,
    [
      ...made.offers.map(({ offer }) => ({ collection: OFFERS, id: offer.id, document: offer })),
      ...made.authorizations.map(({ authorization }) => authorizationWrite(authorization)),
      ...made.sets.map(({ set }) => offerSetWrite(set)),
      ...made.products.map((product) => ({ collection: PRODUCTS, id: product.id, document: product })),
      ...moved(ended),
    ],
    [
      ...changeSetEnded(world, ended),
      ...released.map(({ offer }) => {
        const parties = { manufacturer: authorizations.get(offer.resaleAuthorizationId ?? '')?.manufacturer }
        return offerReleased(world, offer, products.get(offer.productId), parties)
      }),
      ...made.sets
        .filter(({ isReleased }) => isReleased)
        .map(({ set }) =>
          offerSetReleased(
            world,
            set,
            set.offerIds.flatMap((id) => offers.get(id) ?? []),
          ),
        ),
    ],
  )
}

/** Lets the change sets take effect whose time has come, oldest first. */
export const settleChangeSets = async (world: World) => {
  const due = (await open(world)).filter((each) => dueTime(each) <= nowOf(world))
  for (const changeSet of due.toSorted(byKey(dueTime, false))) await finish(world, changeSet)
}
