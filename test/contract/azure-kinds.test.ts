import { describe, expect, it } from 'vitest'
import { acceptPrivateOffer, purchase } from '../../infra/local/marketplaces/azure/customer.ts'
import { publishAsPartner, receiveOffer, withdrawAsPartner } from '../../infra/local/marketplaces/azure/selling-partner.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { type TestAzure, testAzure } from '../support/azure.ts'
import {
  absoluteOffer,
  carriedOut,
  configured,
  percentageOffer,
  plan,
  price,
  product,
  readOffer,
  saas,
} from '../support/azure-offers.ts'

type Changes = Record<string, unknown>
const year = { type: 'year', value: 1 }
const [item] = percentageOffer().pricing
const markedUp = { ...item, discountPercentage: 20, markupPercentage: 8 }

const cspOffer = (changes: Changes = {}) =>
  percentageOffer({
    privateOfferType: 'cspPromotion',
    acceptBy: undefined,
    beneficiaries: [
      { id: AZURE.cspTenantId, beneficiaryRecipients: [{ id: AZURE.customerTenantId, recipientType: 'cspCustomer' }] },
    ],
    ...changes,
  })
const originatorOffer = (changes: Changes = {}) =>
  percentageOffer({
    privateOfferType: 'multipartyPromotionOriginator',
    preparedBy: undefined,
    partners: [{ id: AZURE.sellerId, partnerName: 'Northwind Resale Ltd', location: 'United States' }],
    ...changes,
  })
const partnerOffer = (guid: string, changes: Changes = {}) =>
  percentageOffer({
    id: `private-offer/${guid}`,
    privateOfferType: 'multipartyPromotionChannelPartner',
    beneficiaries: undefined,
    pricing: undefined,
    originatorPricing: [markedUp],
    ...changes,
  })

const gone = `plan/${AZURE.saasProductId}/30000000-0000-4000-8000-0000000000ff`
const vmItem = { product: `product/${AZURE.vmProductId}`, basePlan: `plan/${AZURE.vmProductId}/${AZURE.vmPlanId}` }
const reservationPrice = (changes: Changes = {}) => ({
  $schema: price().$schema,
  resourceName: 'reservation',
  product: vmItem.product,
  plan: vmItem.basePlan,
  offerPricingType: 'vmSoftwareReservations',
  softwareReservation: {
    reservationDuration: year,
    paymentSchedule: year,
    vmPrices: { '36Core': { quantity: 4, unitPricePerPaymentPeriodInUsd: 2200 } },
  },
  ...changes,
})
const reservationOffer = (changes: Changes = {}) =>
  percentageOffer({
    offerPricingType: 'vmSoftwareReservations',
    pricing: [{ ...vmItem, discountType: 'absolute', priceDetails: { resourceName: 'reservation' }, ...changes }],
  })

const flexiblePrice = (installments: number, changes: Changes = {}) => {
  const charge = { chargeDate: '2027-03-01', pricePerPaymentInUsd: 10 }
  const schedule = {
    price: 10 * installments,
    initialCharge: { pricePerPaymentInUsd: 0 },
    billingSchedule: Array(installments).fill(charge),
  }
  const prices = [{ contractDuration: { type: 'year', value: 2 }, flexibleSchedule: schedule }]
  const pricing = { recurrentPrice: { recurrentPriceMode: 'flatRate', priceInputOption: 'usd', prices, ...changes } }
  return price({ offerPricingType: 'newCustomizedPlans', pricing })
}

/** Private plans, all made from the same one at the same price, and what else the offer sells. */
const newPlans = (count: number, ...more: unknown[]) => {
  const [first] = absoluteOffer().pricing
  const plans = Array.from({ length: count }, (_, at) => ({
    ...first,
    newPlanDetails: { name: `Plan ${at}`, description: 'As agreed' },
  }))
  return absoluteOffer({ pricing: [...plans, ...more] })
}

const answerTo = async (...resources: unknown[]) => (await configured(await testAzure(), ...resources)).status
const failureOf = async (azure: TestAzure, ...resources: unknown[]) => (await carriedOut(azure, ...resources)).status.errors

describe('configure, for every kind of offer', () => {
  it.each<[string, unknown[]]>([
    ['a margin for resellers', [cspOffer()]],
    [
      '25 customers of a reseller',
      [
        cspOffer({
          beneficiaries: [{ id: 'a', beneficiaryRecipients: Array(25).fill({ id: 'c', recipientType: 'cspCustomer' }) }],
        }),
      ],
    ],
    ['150 resellers', [cspOffer({ beneficiaries: Array(150).fill({ id: 'a' }) })]],
    ['an originator', [originatorOffer()]],
    ['a selling partner', [partnerOffer(AZURE.planId)]],
    ['a reservation', [reservationPrice(), reservationOffer()]],
    ['ten plans', [price(), newPlans(10)]],
    ['70 installments', [flexiblePrice(70), absoluteOffer({ offerPricingType: 'newCustomizedPlans' })]],
    [
      'enumerations cased as on reads',
      [
        percentageOffer({
          state: 'Live',
          privateOfferType: 'CustomerPromotion',
          pricing: [{ ...item, discountType: 'Percentage' }],
        }),
      ],
    ],
  ])('takes %s', async (_, resources) => {
    expect(await answerTo(...resources)).toBe(202)
  })

  it.each<[string, unknown[]]>([
    ['resellers who accept', [cspOffer({ acceptBy: '2026-12-20' })]],
    ['terms for resellers', [cspOffer({ termsAndConditionsDocSasUrl: 'https://contoso.example/a.pdf' })]],
    ['resellers without an end', [cspOffer({ end: undefined })]],
    ['no reseller', [cspOffer({ beneficiaries: [] })]],
    ['151 resellers', [cspOffer({ beneficiaries: Array(151).fill({ id: 'a' }) })]],
    [
      '26 customers of a reseller',
      [
        cspOffer({
          beneficiaries: [{ id: 'a', beneficiaryRecipients: Array(26).fill({ id: 'c', recipientType: 'cspCustomer' }) }],
        }),
      ],
    ],
    [
      'billing groups of a reseller',
      [cspOffer({ beneficiaries: [{ id: 'a', beneficiaryRecipients: [{ id: 'c', recipientType: 'billingGroup' }] }] })],
    ],
    ['a markup for resellers', [cspOffer({ pricing: [{ ...item, markupPercentage: 5 }] })]],
    ['an originator without a partner', [originatorOffer({ partners: [] })]],
    ['an originator with two partners', [originatorOffer({ partners: [{ id: '1' }, { id: '2' }] })]],
    ['an originator with one PDF', [originatorOffer({ termsAndConditionsDocSasUrl: 'https://contoso.example/a.pdf' })]],
    ['an originator with two customers', [originatorOffer({ beneficiaries: [{ id: 'a' }, { id: 'b' }] })]],
    ['a selling partner whom nobody can ask', [partnerOffer(AZURE.planId, { preparedBy: undefined })]],
    ['a selling partner without a markup', [partnerOffer(AZURE.planId, { originatorPricing: [item] })]],
    ['a selling partner without an offer', [partnerOffer(AZURE.planId, { id: undefined })]],
    ['a selling partner with a price', [partnerOffer(AZURE.planId, { pricing: [item] })]],
    [
      'a reservation with a new plan',
      [reservationPrice(), reservationOffer({ newPlanDetails: { name: 'a', description: 'b' } })],
    ],
    [
      'a reservation for two years',
      [
        reservationPrice({
          softwareReservation: { ...reservationPrice().softwareReservation, reservationDuration: { type: 'year', value: 2 } },
        }),
      ],
    ],
    ['a reservation at a plan price', [reservationPrice({ softwareReservation: undefined, pricing: price().pricing })]],
    ['a plan at a reservation price', [price({ softwareReservation: reservationPrice().softwareReservation })]],
    ['eleven plans', [price(), newPlans(11)]],
    ['no plan', [percentageOffer({ pricing: [] })]],
    ['a private plan beside a public one', [price(), newPlans(1, item)]],
    ['71 installments', [flexiblePrice(71)]],
    ['installments for each user', [flexiblePrice(2, { recurrentPriceMode: 'perUser' })]],
    ['installments for a plan that exists', [{ ...flexiblePrice(2), offerPricingType: 'editExistingOfferPricingOnly' }]],
    [
      'a new plan under the type of existing ones',
      [price(), absoluteOffer({ offerPricingType: 'editExistingOfferPricingOnly' })],
    ],
  ])('refuses %s', async (_, resources) => {
    expect(await answerTo(...resources)).toBe(400)
  })

  it.each<[string, unknown[], RegExp]>([
    [
      'an absolute price of a virtual machine',
      [
        price({ product: vmItem.product, plan: vmItem.basePlan, offerPricingType: 'editExistingOfferPricingOnly' }),
        percentageOffer({
          pricing: [
            {
              product: vmItem.product,
              plan: vmItem.basePlan,
              discountType: 'absolute',
              priceDetails: { resourceName: 'fabrikamPrice' },
            },
          ],
        }),
      ],
      /virtual machine/,
    ],
    [
      'a reservation of SaaS',
      [reservationPrice({ product, plan }), reservationOffer({ product, basePlan: plan })],
      /does not fit/,
    ],
    [
      'services through a partner',
      [
        originatorOffer({
          pricing: [{ product: `product/${AZURE.servicesProductId}`, discountType: 'percentage', discountPercentage: 5 }],
        }),
      ],
      /multiparty/,
    ],
    ['a received offer that does not exist', [partnerOffer(AZURE.planId)], /There is no private-offer/],
    ['a plan twice', [percentageOffer({ pricing: [item, item] })], /once/],
    [
      'one of several plans that does not exist',
      [percentageOffer({ pricing: [item, { ...item, plan: gone }] })],
      /There is no plan/,
    ],
  ])('fails for %s', async (_, resources, message) => {
    expect(await failureOf(await testAzure(), ...resources)).toEqual([
      { code: expect.any(String), message: expect.stringMatching(message) },
    ])
  })

  it('fails for an absolute price of a plan with a trial', async () => {
    const azure = await testAzure()
    const trial = await azure.world.shelf.get<object>('azure.plans', AZURE.planId)
    await azure.world.shelf.put('azure.plans', AZURE.planId, { ...trial, hasTrial: true })
    expect(await failureOf(azure, price(), absoluteOffer())).toMatchObject([{ message: expect.stringContaining('trial') }])
    expect(await failureOf(azure, percentageOffer())).toEqual([])
  })
})

describe('an offer to resellers', () => {
  const live = async () => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, cspOffer())
    const command = (state: string) => failureOf(azure, cspOffer({ id: offerId, state }))
    return { azure, offerId, command, read: async () => (await readOffer(azure, offerId)).body }
  }

  it('is live without anybody who must accept, and rests as withdrawn', async () => {
    const { azure, offerId, command, read } = await live()
    expect(await read()).toMatchObject({ state: 'live', subState: null, acceptanceLinks: null })
    await expect(acceptPrivateOffer(azure.world, offerId)).rejects.toMatchObject({ code: 'conflict' })
    expect(await command('withdrawn')).toEqual([])
    expect(await read()).toMatchObject({ state: 'withdrawn' })
    expect(await command('deleted')).toMatchObject([{ message: expect.stringContaining('drafts') }])
  })

  it('stays once something was sold', async () => {
    const { azure, offerId, command } = await live()
    await purchase(azure.world, offerId)
    expect(await command('withdrawn')).toMatchObject([{ message: expect.stringContaining('sold') }])
  })
})

describe('a multiparty offer of ours', () => {
  const live = async () => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, originatorOffer())
    const command = (state: string) => failureOf(azure, originatorOffer({ id: offerId, state }))
    return { azure, offerId, command, read: async () => (await readOffer(azure, offerId)).body }
  }

  it('reaches the customer only through its partner', async () => {
    const { azure, offerId, read } = await live()
    expect(await read()).toMatchObject({ state: 'live', subState: 'pendingPartnerAction', acceptanceLinks: null })
    await expect(acceptPrivateOffer(azure.world, offerId)).rejects.toMatchObject({ code: 'conflict' })
    await publishAsPartner(azure.world, offerId)
    expect(await read()).toMatchObject({ subState: 'pendingAcceptance', acceptanceLinks: [{ link: expect.any(String) }] })
    await acceptPrivateOffer(azure.world, offerId)
    expect(await read()).toMatchObject({ subState: 'accepted' })
  })

  it('can be withdrawn while, or after, it is with the partner', async () => {
    const { azure, offerId, command, read } = await live()
    await publishAsPartner(azure.world, offerId)
    expect(await command('withdrawn')).toMatchObject([{ message: expect.stringContaining('partner') }])
    await withdrawAsPartner(azure.world, offerId)
    expect(await read()).toMatchObject({ subState: 'pendingPartnerAction' })
    expect(await command('withdrawn')).toEqual([])
    expect(await read()).toMatchObject({ state: 'draft' })
    expect(await command('deleted')).toEqual([])
    expect((await readOffer(azure, offerId)).status).toBe(404)
  })

  it.each<[string, Changes, boolean]>([
    ["another partner's", originatorOffer(), true],
    ["a customer's", percentageOffer(), true],
    ['one of every plan', percentageOffer({ pricing: [{ product, discountType: 'percentage', discountPercentage: 5 }] }), true],
    ['a draft', percentageOffer({ state: 'draft' }), false],
    ["another customer's", percentageOffer({ beneficiaries: [{ id: '7654321' }] }), false],
    [
      'one of another plan',
      percentageOffer({ pricing: [{ ...item, plan: `plan/${AZURE.saasProductId}/${AZURE.seatPlanId}` }] }),
      false,
    ],
    ['one after it', percentageOffer({ variableStartDate: false, start: '2028-01-01', end: '2028-12-31' }), false],
    ["a reseller's", cspOffer(), false],
  ])('may not meet another offer of its plan and time: %s (%s)', async (_, other, isBlocked) => {
    const azure = await testAzure()
    await carriedOut(azure, other)
    expect(await failureOf(azure, originatorOffer())).toEqual(
      isBlocked ? [{ code: 'Conflict', message: expect.stringContaining('overlaps') }] : [],
    )
  })

  it('gives way where the other offer comes to nothing', async () => {
    const azure = await testAzure()
    await carriedOut(azure, percentageOffer({ acceptBy: '2026-11-02' }))
    azure.advance(86_400)
    expect(await failureOf(azure, originatorOffer())).toEqual([])
    expect(await failureOf(azure, percentageOffer())).toEqual([])
  })
})

describe('a multiparty offer of another originator', () => {
  const received = async () => {
    const azure = await testAzure()
    const { privateOfferId } = await receiveOffer(azure.world)
    const command = (changes: Changes) => failureOf(azure, partnerOffer(privateOfferId, changes))
    return { azure, privateOfferId, command, read: async () => (await readOffer(azure, `private-offer/${privateOfferId}`)).body }
  }

  it('is published to the customer with a markup', async () => {
    const { azure, privateOfferId, command, read } = await received()
    expect(await command({})).toEqual([])
    expect(await read()).toMatchObject({
      state: 'live',
      subState: 'pendingAcceptance',
      preparedBy: 'desk@contoso.example',
      beneficiaries: [{ id: AZURE.billingAccountId }],
      originatorPricing: [{ discountPercentage: 20, markupPercentage: 8 }],
    })
    await acceptPrivateOffer(azure.world, privateOfferId)
    expect(await read()).toMatchObject({ subState: 'accepted' })
    expect(await command({ state: 'withdrawn' })).toHaveLength(1)
  })

  it('can be taken back, but not deleted', async () => {
    const { command, read } = await received()
    await command({})
    expect(await command({ state: 'withdrawn' })).toEqual([])
    expect(await read()).toMatchObject({ state: 'draft' })
    expect(await command({ state: 'deleted' })).toMatchObject([{ message: expect.stringContaining('originator') }])
  })

  it.each<[string, Changes, RegExp]>([
    ['its end', { end: '2028-12-31' }, /end is read-only/],
    ['the last day for accepting', { acceptBy: '2027-01-20' }, /acceptBy is read-only/],
    ['the price', { originatorPricing: [{ ...markedUp, discountPercentage: 30 }] }, /originatorPricing/],
    [
      'the plan',
      { originatorPricing: [{ ...markedUp, plan: `plan/${AZURE.saasProductId}/${AZURE.seatPlanId}` }] },
      /originatorPricing/,
    ],
    [
      'its type',
      {
        privateOfferType: 'multipartyPromotionOriginator',
        partners: [{ id: '1' }],
        beneficiaries: [{ id: 'a' }],
        originatorPricing: undefined,
        pricing: [item],
        preparedBy: undefined,
      },
      /is of the type/,
    ],
  ])('keeps what its originator fixed: %s', async (_, changes, message) => {
    const { command } = await received()
    expect(await command(changes)).toEqual([{ code: 'Conflict', message: expect.stringMatching(message) }])
  })
})

describe('an upgrade', () => {
  it.each([
    ['in the middle', { start: '2027-12-01' }, 1],
    ['after the end', { start: '2028-01-01' }, 0],
  ])('that begins %s of the offer before fails %j', async (_, changes, failures) => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, percentageOffer())
    const upgrade = {
      variableStartDate: false,
      end: '2028-12-31',
      upgradedFrom: { name: 'Fabrikam FY27', id: offerId },
      ...changes,
    }
    expect(await failureOf(azure, percentageOffer(upgrade))).toHaveLength(failures)
  })

  it('takes over the pricing that it leaves out', async () => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, price(), absoluteOffer())
    const dates = { variableStartDate: false, start: '2028-01-01', end: '2028-12-31' }
    const upgradedFrom = { name: 'Fabrikam FY27', id: offerId }
    const next = await carriedOut(azure, absoluteOffer({ ...dates, upgradedFrom, pricing: undefined }))
    const [before, after] = [await readOffer(azure, offerId), await readOffer(azure, next.offerId)]
    expect(after.body).toMatchObject({ upgradedFrom, pricing: before.body.pricing })
  })
})

describe('a purchase', () => {
  it('is of one plan of an offer, the first unless another is named', async () => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, price(), newPlans(2))
    await acceptPrivateOffer(azure.world, offerId)
    const boughtPlan = async (choice = {}) => {
      const { subscriptionId } = await purchase(azure.world, offerId, choice)
      const { planId } = (await saas(azure, 'GET', `/${subscriptionId}`)).body
      const { plans } = (await saas(azure, 'GET', `/${subscriptionId}/listAvailablePlans?planId=${planId}`)).body
      expect(plans).toMatchObject([{ planId, sourceOffers: [{ externalId: offerId.replace('private-offer/', '') }] }])
      return [planId, plans[0].displayName]
    }
    const [[first, name], [second]] = [await boughtPlan(), await boughtPlan({ plan: 'Plan 1' })]
    expect(name).toBe('Plan 0')
    expect(await boughtPlan({ plan: second })).toEqual([second, 'Plan 1'])
    expect(second).not.toBe(first)
    await expect(purchase(azure.world, offerId, { plan: 'Plan 2' })).rejects.toMatchObject({ code: 'conflict', target: 'plan' })
  })

  it('of users has as many as were chosen, within the limits', async () => {
    const azure = await testAzure()
    const pricing = {
      recurrentPrice: { ...price().pricing.recurrentPrice, recurrentPriceMode: 'perUser', userLimits: { min: 20, max: 50 } },
    }
    const { offerId } = await carriedOut(azure, price({ pricing }), absoluteOffer())
    await acceptPrivateOffer(azure.world, offerId)
    await expect(purchase(azure.world, offerId, { quantity: 51 })).rejects.toMatchObject({ code: 'conflict', target: 'quantity' })
    const { subscriptionId } = await purchase(azure.world, offerId, { quantity: 30 })
    expect((await saas(azure, 'GET', `/${subscriptionId}`)).body.quantity).toBe(30)
  })

  it('of a schedule is for its whole duration', async () => {
    const azure = await testAzure()
    const { offerId } = await carriedOut(azure, flexiblePrice(2), absoluteOffer({ offerPricingType: 'newCustomizedPlans' }))
    await acceptPrivateOffer(azure.world, offerId)
    const { subscriptionId } = await purchase(azure.world, offerId)
    expect((await saas(azure, 'GET', `/${subscriptionId}`)).body.term.termUnit).toBe('P2Y')
  })
})
