import { describe, expect, it } from 'vitest'
import type { Link, Reference } from '../../../lib/settlements/entry.ts'
import { type Owners, ownerFinder } from '../../../lib/settlements/owner.ts'

const OFFER = { accountId: 'acc-1', productId: 'prod-1', partnerId: 'ptn-1', id: 'off_1', agreementId: 'sub-1' }
const BY_OFFER = { accountId: 'acc-1', productId: 'prod-1', partnerId: 'ptn-1', offerId: 'off_1', agreementId: 'sub-1' }

const order = (key: string, more: { privateOfferId?: string; buyerIds?: string[] }): [string, { link: Link }] => [
  key,
  { link: { key, statedAt: '1', buyerIds: [], ...more } },
]

/** `asked` counts how often agreements were looked up. */
const finderOf = (...links: [string, { link: Link }][]) => {
  const asked: string[] = []
  const owners = {
    agreements: {
      ownerOf: async (_, id) => {
        asked.push(id)
        return id === 'agmt-1' ? BY_OFFER : undefined
      },
    },
    offers: {
      get: async () => OFFER as Awaited<ReturnType<Owners['offers']['get']>>,
      ofExternalId: async (_, id) => (id === 'guid-1' ? 'off_1' : undefined),
    },
    accounts: { ofBuyer: async ({ id }) => (id === 'bill-1' ? 'acc-2' : undefined) },
    links: async (keys) => {
      // A table answers each key once, and takes none twice.
      expect(new Set(keys).size).toBe(keys.length)
      return new Map(links.filter(([key]) => keys.includes(key)))
    },
  } satisfies Owners
  return { find: ownerFinder(owners), asked }
}

const reference = (more: Partial<Extract<Reference, { marketplace: 'azure' }>> = {}): Reference => ({
  marketplace: 'azure',
  purchaseRecordId: 'PR-1',
  lineItemId: 'LI-1',
  assetId: 'asset-1',
  buyerIds: [],
  productId: 'gold',
  ...more,
})

describe("a row's owner on Azure", () => {
  it.each([
    ['by the private offer of its order', [order('azure:order:PR-1:LI-1', { privateOfferId: 'guid-1' })], {}, BY_OFFER],
    ['by another order of its asset', [order('azure:asset:asset-1', { privateOfferId: 'guid-1' })], {}, BY_OFFER],
    ['by the buyer that it names', [], { buyerIds: ['cust-9', 'bill-1'] }, { accountId: 'acc-2', productId: 'gold' }],
    [
      'by the buyer of its order, when that is of no offer of ours',
      [order('azure:order:PR-1:LI-1', { privateOfferId: 'guid-9', buyerIds: ['bill-1'] })],
      {},
      { accountId: 'acc-2', productId: 'gold' },
    ],
    ['not at all', [], { buyerIds: ['cust-9'] }, undefined],
  ] as [string, [string, { link: Link }][], object, object | undefined][])('is found %s', async (_, links, more, owner) => {
    expect(await finderOf(...links).find(reference(more))).toEqual({ name: 'order PR-1 LI-1', owner })
  })
})

const awsRow = (agreementId: string, more: { endUserId?: string; productId?: string } = {}): Reference => ({
  marketplace: 'aws',
  agreementId,
  endUserId: '',
  productId: 'prod-7',
  ...more,
})

const agreement = (id: string, more: { offerId?: string; acceptorId?: string }): [string, { link: Link }] => {
  const key = `aws:agreement:${id}`
  return [key, { link: { key, statedAt: '1', offerId: '', acceptorId: '', ...more } }]
}
const account = (id: string, awsAccountId: string): [string, { link: Link }] => {
  const key = `aws:account:${id}`
  return [key, { link: { key, statedAt: '1', awsAccountId } }]
}

describe("a row's owner on AWS", () => {
  it('is that of its agreement, asked for once a file', async () => {
    const { find, asked } = finderOf()
    for (const agreementId of ['agmt-1', 'agmt-2', 'agmt-1', 'agmt-2'])
      expect((await find(awsRow(agreementId))).owner).toEqual(agreementId === 'agmt-1' ? BY_OFFER : undefined)
    expect(asked).toEqual(['agmt-1', 'agmt-2'])
  })

  it('is nobody where no agreement is named', async () => {
    const { find, asked } = finderOf()
    expect(await find(awsRow(''))).toEqual({ name: 'agreement (none named)', owner: undefined })
    expect(asked).toEqual([])
  })

  const BY_BUYER = { accountId: 'acc-2', productId: 'prod-7', agreementId: 'agmt-9' }
  it.each([
    [
      'by the offer that the agreement feed names',
      [agreement('agmt-9', { offerId: 'guid-1' })],
      {},
      { ...BY_OFFER, agreementId: 'agmt-9' },
    ],
    [
      'by who accepted it, as the agreement and the account feed tell',
      [agreement('agmt-9', { offerId: 'guid-9', acceptorId: 'feed-1' }), account('feed-1', 'bill-1')],
      {},
      BY_BUYER,
    ],
    [
      'by who accepted it and uses the product as well',
      [agreement('agmt-9', { acceptorId: 'feed-1' }), account('feed-1', 'bill-1')],
      { endUserId: 'feed-1' },
      BY_BUYER,
    ],
    ['by who uses the product, as the account feed tells', [account('feed-1', 'bill-1')], { endUserId: 'feed-1' }, BY_BUYER],
    [
      'by who uses the product where it is not told which',
      [account('feed-1', 'bill-1')],
      { endUserId: 'feed-1', productId: '' },
      { ...BY_BUYER, productId: 'unknown' },
    ],
    ['not by an account that is no customer of ours', [account('feed-1', 'bill-9')], { endUserId: 'feed-1' }, undefined],
    ['not by an account that was deleted', [account('feed-1', '')], { endUserId: 'feed-1' }, undefined],
    ['not by an account that no feed tells of', [], { endUserId: 'feed-1' }, undefined],
  ] as [string, [string, { link: Link }][], object, object | undefined][])(
    'of an agreement that is not known is found %s',
    async (_, links, more, owner) => {
      expect(await finderOf(...links).find(awsRow('agmt-9', more))).toEqual({ name: 'agreement agmt-9', owner })
    },
  )
})
