import { describe, expect, it } from 'vitest'
import { service } from '../../../infra/service.ts'
import { type Asked, ChangeRule, judge } from '../../../lib/agreements/subscription-change.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import { awsOffer } from '../offers/aws-offer.ts'
import { azureOffer, perUser } from '../offers/azure-offer.ts'

const RULE = ChangeRule.parse(JSON.parse(service.policies.SUBSCRIPTION_CHANGE_RULE))
const BOUGHT = azureOffer()
const OTHER = azureOffer({ id: 'off_2' })
const FOREIGN = azureOffer({ id: 'off_3', accountId: 'acc_2' })
const plan = (offer?: Offer): Asked => ({ to: 'plan', planId: 'p2', offer })
const users = (count: number): Asked => ({ to: 'users', users: count })

describe('what a subscriber asks for', () => {
  it.each<[string, Asked, Offer | undefined, string]>([
    ['the plan of another offer of the account', plan(OTHER), BOUGHT, 'planOfOffer confirm'],
    ['another plan of the same offer', plan(BOUGHT), BOUGHT, 'planOfOffer confirm'],
    ['the plan of an offer, coming from the public listing', plan(OTHER), undefined, 'planOfOffer confirm'],
    ['a plan that no offer sells, leaving the one of an offer', plan(), BOUGHT, 'planLeavingOffer refuse'],
    ['the plan of an offer to another account', plan(FOREIGN), BOUGHT, 'planLeavingOffer refuse'],
    ['another plan of the public listing', plan(), undefined, 'planWithoutOffer confirm'],
    ['the fewest users', users(20), perUser(), 'usersWithinLimits confirm'],
    ['the most users', users(500), perUser(), 'usersWithinLimits confirm'],
    ['too few users', users(19), perUser(), 'usersBeyondLimits refuse'],
    ['too many users', users(501), perUser(), 'usersBeyondLimits refuse'],
    ['users where the offer has no limits', users(501), BOUGHT, 'usersWithoutLimits confirm'],
    ['users where no offer is known', users(501), undefined, 'usersWithoutLimits confirm'],
    ['users where the offer is of another cloud', users(501), awsOffer(), 'usersWithoutLimits confirm'],
  ])('is %s', (_, asked, current, expected) => {
    const { rule: found, answer, reason } = judge(asked, current, RULE)
    expect(`${found} ${answer}`).toBe(expected)
    expect(reason).not.toBe('')
  })

  it('is answered as the rule says, whatever the case', () => {
    const turned = { ...RULE, planLeavingOffer: 'confirm' as const, usersBeyondLimits: 'confirm' as const }
    expect([judge(plan(), BOUGHT, turned).answer, judge(users(1), perUser(), turned).answer]).toEqual(['confirm', 'confirm'])
  })
})
