import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chained, initialOf, type Link, linkOf } from '../../../lib/agreements/chain.ts'
import { getAgreements } from '../../../lib/agreements/commands.ts'
import { ann, bob, mia } from '../../support/offers.ts'
import { agreementOf } from './agreement.ts'

const link = (id: string, acceptedAt: string, more: Partial<Link> = {}): Link => ({
  ...{ marketplace: 'aws', id, status: 'ended', acceptedAt: `${acceptedAt}T00:00:00.000Z` },
  ...more,
})
const LINKS = [
  link('agmt-1', '2026-11-05', { endedAs: 'replaced', partnerId: 'par_1' }),
  link('agmt-2', '2027-03-01', { endedAs: 'renewed', partnerId: 'par_1' }),
  link('agmt-3', '2028-03-01', { status: 'active', partnerId: 'par_2' }),
]

describe('the chain of an agreement', () => {
  it('is in the order of the acceptances, each with how it went on with the one before', () => {
    const law = fc.property(fc.shuffledSubarray(LINKS, { minLength: 3 }), (links) => {
      expect(chained(links).map(({ id, intent }) => [id, intent])).toEqual([
        ['agmt-1', 'new'],
        ['agmt-2', 'replace'],
        ['agmt-3', 'renew'],
      ])
    })
    fc.assert(law)
  })

  it('begins with itself where no other one is named', () => {
    expect(initialOf({ id: 'agmt-1' })).toBe('agmt-1')
    expect(initialOf({ id: 'agmt-2', initialId: 'agmt-1' })).toBe('agmt-1')
  })

  it('keeps of each what it is worth, when, whose it is and how it ended', () => {
    const agreement = agreementOf({ endedAs: 'cancelled', status: 'ended', endedOn: '2027-01-01' })
    const common = { accountId: 'acc_1', productId: 'p', marketplace: 'aws' as const, agreementId: agreement.id }
    const { id, acceptedAt, service, value } = agreement
    const told = {
      marketplace: 'aws',
      id,
      acceptedAt,
      service,
      value,
      status: 'ended',
      endedAs: 'cancelled',
      endedOn: '2027-01-01',
    }
    expect(linkOf(agreement, { ...common, offerId: 'off_1', partnerId: 'par_1' })).toEqual({
      ...told,
      ...{ offerId: 'off_1', partnerId: 'par_1' },
    })
    expect(linkOf(agreement, common)).toEqual(told)
  })
})

describe('the agreements of an offer', () => {
  const asked: unknown[] = []
  const chain = async (...of: unknown[]) => {
    asked.push(of)
    return LINKS
  }
  const read = getAgreements({ store: { chain }, offer: async () => ({ marketplace: 'aws', agreementId: 'agmt-2' }) })

  it.each([
    ['a manager', mia, ['agmt-1', 'agmt-2', 'agmt-3']],
    ['a partner, of its own', ann, ['agmt-1', 'agmt-2']],
    ['another partner, of its own', bob, ['agmt-3']],
  ])('are told to %s', async (_, actor, ids) => {
    expect((await read(actor, 'off_1')).items.map(({ id }) => id)).toEqual(ids)
    expect(asked.at(-1)).toEqual(['aws', 'agmt-2'])
  })

  it('are none before it is accepted', async () => {
    const offer = async () => ({ marketplace: 'aws' as const })
    expect(await getAgreements({ store: { chain }, offer })(mia, 'off_1')).toEqual({ items: [] })
  })
})
