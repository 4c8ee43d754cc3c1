import type { Offer } from '../offers/offer.ts'
import type { Link, Reference } from './entry.ts'
import { idOrNone } from './field.ts'
import { accountKey } from './formats/aws-accounts.ts'
import { agreementKey } from './formats/aws-agreements.ts'
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
type Aws = Extract<Reference, { marketplace: 'aws' }>
type Azure = Extract<Reference, { marketplace: 'azure' }>
type Order = Extract<Link, { buyerIds: string[] }>

const ofOffer = async ({ offers }: Owners, marketplace: 'aws' | 'azure', externalId: string): Promise<Owner | undefined> => {
  const found = await offers.ofExternalId(marketplace, externalId)
  if (!found) return undefined
  const { accountId, productId, partnerId, id: offerId, agreementId } = await offers.get(found)
  return { accountId, productId, partnerId, offerId, ...(agreementId && { agreementId }) }
}

const ofBuyers = async ({ accounts }: Owners, marketplace: 'aws' | 'azure', ids: string[]): Promise<string | undefined> => {
  for (const id of ids) {
    const accountId = await accounts.ofBuyer({ marketplace, id })
    if (accountId) return accountId
  }
  return undefined
}

/** What the agreement feed told of an agreement that Cosell has not read. */
const fedAgreement = async ({ links }: Owners, agreementId: string) => {
  const key = agreementKey(agreementId)
  const link = (await links([key])).get(key)?.link
  return link && 'acceptorId' in link ? link : undefined
}

/** The AWS accounts that accounts of the feeds are. */
const awsAccounts = async ({ links }: Owners, feedIds: string[]): Promise<string[]> => {
  const keys = [...new Set(feedIds.filter(Boolean))].map(accountKey)
  const found = await links(keys)
  return keys.flatMap((key) => {
    const link = found.get(key)?.link
    return link && 'awsAccountId' in link && link.awsAccountId ? [link.awsAccountId] : []
  })
}

/** By the agreement as Cosell knows it, by the offer that the agreement feed names, by who accepted the agreement or uses the product. */
const ofAws = async (owners: Owners, { agreementId, endUserId, productId }: Aws): Promise<Owner | undefined> => {
  const known = agreementId && (await owners.agreements.ownerOf('aws', agreementId))
  if (known) return known
  const agreement = agreementId ? await fedAgreement(owners, agreementId) : undefined
  const named = agreementId && { agreementId }
  const owner = agreement?.offerId && (await ofOffer(owners, 'aws', agreement.offerId))
  if (owner) return { ...owner, ...named }
  const accountId = await ofBuyers(owners, 'aws', await awsAccounts(owners, [agreement?.acceptorId ?? '', idOrNone(endUserId)]))
  return accountId ? { accountId, productId: idOrNone(productId) || 'unknown', ...named } : undefined
}

/** By the order of the line, by another order of the same asset, by the buyer. */
const ofAzure = async (owners: Owners, { purchaseRecordId, lineItemId, assetId, buyerIds, productId }: Azure) => {
  const keys = [orderKey(purchaseRecordId, lineItemId), ...(assetId ? [assetKey(assetId)] : [])]
  const links = await owners.links(keys)
  const orders = keys.map((key) => links.get(key)?.link).filter((link): link is Order => link !== undefined && 'buyerIds' in link)
  for (const { privateOfferId } of orders) {
    const owner = privateOfferId && (await ofOffer(owners, 'azure', privateOfferId))
    if (owner) return owner
  }
  const accountId = await ofBuyers(owners, 'azure', [...buyerIds, ...orders.flatMap((order) => order.buyerIds)])
  return accountId ? { accountId, productId } : undefined
}

const nameOf = (reference: Reference) =>
  reference.marketplace === 'aws'
    ? `agreement ${reference.agreementId || '(none named)'}`
    : `order ${reference.purchaseRecordId} ${reference.lineItemId}`

const ownerOf = (owners: Owners, reference: Reference) =>
  reference.marketplace === 'aws' ? ofAws(owners, reference) : ofAzure(owners, reference)

/** What an owner depends on. */
const questionOf = (reference: Reference) =>
  reference.marketplace === 'aws' ? `${reference.agreementId} ${reference.endUserId} ${reference.productId}` : nameOf(reference)

const MAX_KEPT = 10_000

/** Finds whose an entry is, asking once for each agreement or order of a file; `name` says what was looked for. */
export const ownerFinder = (owners: Owners) => {
  const kept = new Map<string, Owner | undefined>()
  return async (reference: Reference): Promise<{ name: string; owner: Owner | undefined }> => {
    const question = questionOf(reference)
    if (!kept.has(question)) {
      if (kept.size >= MAX_KEPT) kept.clear()
      kept.set(question, await ownerOf(owners, reference))
    }
    return { name: nameOf(reference), owner: kept.get(question) }
  }
}
