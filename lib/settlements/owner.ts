import type { Offer } from '../offers/offer.ts'
import type { Link, Reference } from './entry.ts'
import { assetKey, orderKey } from './formats/azure-orders.ts'
import type { Owner } from './settle.ts'

export type Owners = {
  agreements: { ownerOf: (marketplace: 'aws' | 'azure', id: string) => Promise<Owner | undefined> }
  offers: {
    get: (id: string) => Promise<Offer>
    ofExternalId: (marketplace: string, externalId: string) => Promise<string | undefined>
  }
  accounts: { ofBuyer: (buyer: { marketplace: 'aws' | 'azure'; id: string }) => Promise<string | undefined> }
  links: (keys: string[]) => Promise<Map<string, { link: Link }>>
}
type Azure = Extract<Reference, { marketplace: 'azure' }>
type Order = Extract<Link, { buyerIds: string[] }>

const ofOffer = async ({ offers }: Owners, privateOfferId: string): Promise<Owner | undefined> => {
  const found = await offers.ofExternalId('azure', privateOfferId)
  if (!found) return undefined
  const { accountId, productId, partnerId, id: offerId, agreementId } = await offers.get(found)
  return { accountId, productId, partnerId, offerId, ...(agreementId && { agreementId }) }
}

const ofBuyers = async ({ accounts }: Owners, ids: string[], productId: string): Promise<Owner | undefined> => {
  for (const id of ids) {
    const accountId = await accounts.ofBuyer({ marketplace: 'azure', id })
    if (accountId) return { accountId, productId }
  }
  return undefined
}

/** By the order of the line, by another order of the same asset, by the buyer. */
const ofAzure = async (owners: Owners, { purchaseRecordId, lineItemId, assetId, buyerIds, productId }: Azure) => {
  const keys = [orderKey(purchaseRecordId, lineItemId), ...(assetId ? [assetKey(assetId)] : [])]
  const links = await owners.links(keys)
  const orders = keys.map((key) => links.get(key)?.link).filter((link): link is Order => link !== undefined && 'buyerIds' in link)
  for (const { privateOfferId } of orders) {
    const owner = privateOfferId && (await ofOffer(owners, privateOfferId))
    if (owner) return owner
  }
  return ofBuyers(owners, [...buyerIds, ...orders.flatMap((order) => order.buyerIds)], productId)
}

const nameOf = (reference: Reference) =>
  reference.marketplace === 'aws'
    ? `agreement ${reference.agreementId || '(none named)'}`
    : `order ${reference.purchaseRecordId} ${reference.lineItemId}`

const MAX_KEPT = 10_000

/** Finds whose an entry is, asking once for each agreement or order of a file; `name` says what was looked for. */
export const ownerFinder = (owners: Owners) => {
  const kept = new Map<string, Owner | undefined>()
  return async (reference: Reference): Promise<{ name: string; owner: Owner | undefined }> => {
    const name = nameOf(reference)
    if (!kept.has(name)) {
      if (kept.size >= MAX_KEPT) kept.clear()
      const isAws = reference.marketplace === 'aws'
      const ask = () => (isAws ? owners.agreements.ownerOf('aws', reference.agreementId) : ofAzure(owners, reference))
      kept.set(name, isAws && !reference.agreementId ? undefined : await ask())
    }
    return { name, owner: kept.get(name) }
  }
}
