import { expect, it } from 'vitest'
import { RunningAgreement, runningOf } from '../../../lib/agreements/running.ts'
import { awsOffer } from '../offers/aws-offer.ts'
import { agreementOf } from './agreement.ts'

const offer = awsOffer({ status: 'accepted' })

it('an agreement in force is kept with its last day and whose it is', () => {
  const kept = runningOf(agreementOf({ renewsItself: true }), { accountId: 'acc_1', offer })
  expect(kept).toEqual({
    marketplace: 'aws',
    id: 'agmt-1',
    accountId: 'acc_1',
    productId: offer.productId,
    partnerId: 'par_1',
    offerId: 'off_1',
    from: '2026-11-06',
    lastDay: '2027-11-05',
    renewsItself: true,
  })
  expect(RunningAgreement.parse(kept)).toEqual(kept)
})

it('one without an offer is nobody’s, and does not renew itself unless it says so', () => {
  const kept = runningOf(agreementOf(), { accountId: 'acc_7' })
  expect(kept).toMatchObject({ accountId: 'acc_7', productId: 'prod-at-purchase', renewsItself: false })
  expect(kept).not.toHaveProperty('partnerId')
})

it('one that has not begun, has ended or has no end is not kept', () => {
  const { service: _, ...endless } = agreementOf()
  for (const agreement of [agreementOf({ status: 'pending' }), agreementOf({ status: 'ended' }), endless])
    expect(runningOf(agreement, { accountId: 'acc_1' })).toBeUndefined()
})
