import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configureRequest } from '../../../lib/offers/azure/plan.ts'
import { azurePlanner } from '../../../lib/offers/azure/planner.ts'
import { refusalsOf } from '../../../lib/offers/azure/refusals.ts'
import { problemsOf } from '../../../lib/offers/azure/rules.ts'
import { type AzureOffer, OfferRequest } from '../../../lib/offers/offer.ts'
import { usd } from '../../support/usd.ts'
import {
  azureOffer,
  bundle,
  calling,
  csp,
  discounts,
  flexible,
  itemised,
  metered,
  originator,
  PLAN,
  PRODUCT,
  percentage,
  perUser,
  reservation,
  SEAT_PLAN,
  SERVICES_PRODUCT,
  sellingPartner,
  services,
  trio,
} from './azure-offer.ts'

const TODAY = '2026-11-02'
const GIVEN = { today: TODAY, flexibleBilling: true }
const found = (offer: AzureOffer) => problemsOf(offer, GIVEN).map(({ code, target }) => `${code} ${target}`)
const hashOf = (offer: AzureOffer) => azurePlanner({ flexibleBilling: true }).plan(offer, TODAY).hash

type Item = NonNullable<AzureOffer['items']>[number]
const ITEM_FIELDS = ['productId', 'basePlanId', 'planName', 'planDescription', 'pricing', 'payments', 'price', 'listPrice']

/** What an offer says of what it sells, as an item. */
const itemOf = (offer: AzureOffer): Item =>
  Object.fromEntries(Object.entries(offer).filter(([name]) => ITEM_FIELDS.includes(name))) as Item
const withoutPlan = ({ basePlanId: _, planName: __, planDescription: ___, payments: ____, ...offer }: AzureOffer): AzureOffer =>
  offer
/** The same offer with its one item in the list. */
const listed = (offer: AzureOffer): AzureOffer => ({ ...withoutPlan(offer), items: [itemOf(offer)] })

const ofItems = ({ items = [], price, listPrice, pricing }: AzureOffer) => ({ items, price, listPrice, pricing })
/** An item without some fields. */
const lacking = (...fields: (keyof Item)[]) => Object.fromEntries(fields.map((field) => [field, undefined])) as Partial<Item>

type Resource = Record<string, unknown> & { resourceName?: string; pricing: { priceDetails?: { resourceName: string } }[] }
const resourcesOf = (offer: AzureOffer): Resource[] => JSON.parse(JSON.stringify(configureRequest(offer))).resources
const madeOf = (offer: AzureOffer) => resourcesOf(offer).at(-1) as Resource

describe('the request for an offer of several plans', () => {
  it('has a price for each, then the offer with an item for each', () => {
    const year = { type: 'year', value: 1 }
    const [first, second, offer, ...others] = resourcesOf(bundle())
    expect(others).toEqual([])
    expect(first).toMatchObject({
      resourceName: 'price',
      plan: `plan/${PRODUCT}/${PLAN}`,
      offerPricingType: 'saasNewCustomizedPlans',
      pricing: { recurrentPrice: { prices: [{ billingTerm: year, paymentOption: year, pricePerPaymentInUsd: 48000 }] } },
    })
    expect(second).toMatchObject({
      resourceName: 'price-2',
      plan: `plan/${PRODUCT}/${SEAT_PLAN}`,
      offerPricingType: 'saasNewCustomizedPlans',
      pricing: {
        recurrentPrice: {
          recurrentPriceMode: 'perUser',
          userLimits: { min: 20, max: 500 },
          prices: [{ billingTerm: year, paymentOption: { type: 'month', value: 1 }, pricePerPaymentInUsd: 36 }],
        },
      },
    })
    expect(offer).toMatchObject({ privateOfferType: 'customerPromotion', offerPricingType: 'saasNewCustomizedPlans' })
    expect(offer?.pricing).toEqual([
      {
        product: `product/${PRODUCT}`,
        basePlan: `plan/${PRODUCT}/${PLAN}`,
        discountType: 'absolute',
        priceDetails: { resourceName: 'price' },
        newPlanDetails: { name: 'Fabrikam Enterprise', description: 'Negotiated enterprise plan' },
      },
      {
        product: `product/${PRODUCT}`,
        basePlan: `plan/${PRODUCT}/${SEAT_PLAN}`,
        discountType: 'absolute',
        priceDetails: { resourceName: 'price-2' },
        newPlanDetails: { name: 'Fabrikam Seats', description: 'Negotiated seats' },
      },
    ])
  })

  it('takes percentages off several plans without prices of their own', () => {
    expect(resourcesOf(discounts())).toHaveLength(1)
    expect(madeOf(discounts())).toMatchObject({
      offerPricingType: 'editExistingOfferPricingOnly',
      pricing: [
        { plan: `plan/${PRODUCT}/${PLAN}`, discountPercentage: 20 },
        { plan: `plan/${PRODUCT}/${SEAT_PLAN}`, discountPercentage: 10 },
      ],
    })
  })

  it('sells SaaS and services under the type that takes both', () => {
    const types = resourcesOf(trio()).map((resource) => resource['offerPricingType'])
    expect(types).toEqual(Array(4).fill('newCustomizedPlans'))
    expect(madeOf(trio()).pricing.map((item) => Object(item).product)).toEqual([
      `product/${PRODUCT}`,
      `product/${PRODUCT}`,
      `product/${SERVICES_PRODUCT}`,
    ])
  })

  it('is taken as it is, and by its words: 1 to 10 items, each with a price', () => {
    const { id, version, status, requestedBy, requestedAs, requestedAt, problems, ...request } = trio()
    expect(OfferRequest.parse(request)).toEqual(request)
    const wrong = (items: object[]) =>
      OfferRequest.safeParse({ ...request, items }).error?.issues.map(({ path }) => path.join('.'))
    expect(wrong([])).toEqual(['items'])
    expect(wrong(Array(11).fill(request.items?.[0]))).toEqual(['items'])
    expect(wrong([{ basePlanId: PLAN, termMonths: 12 }])).toEqual(['items.0.listPrice', 'items.0.price', 'items.0'])
  })
})

describe('whatever an offer sells, its request', () => {
  const kind = fc.constantFrom(azureOffer, percentage, perUser, metered, services, reservation, flexible, csp, originator)

  it('is the same with its one item in a list, by the hash as well', () => {
    fc.assert(
      fc.property(kind, (made) => {
        const offer = made()
        expect(resourcesOf(listed(offer))).toEqual(resourcesOf(offer))
        expect(hashOf(listed(offer))).toBe(hashOf(offer))
        expect(found(listed(offer))).toEqual([])
      }),
    )
  })

  it('names each price once, before the offer whose item points to it', () => {
    const models = fc.array(fc.constantFrom(azureOffer, perUser, metered, percentage), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(models, (made) => {
        const resources = resourcesOf(itemised(made.map((one) => itemOf(one()))))
        const prices = resources.slice(0, -1).map(({ resourceName = '' }) => resourceName)
        const wanted = madeOf(itemised(made.map((one) => itemOf(one())))).pricing.flatMap(
          ({ priceDetails }) => priceDetails ?? [],
        )
        expect(wanted.map(({ resourceName }) => resourceName)).toEqual(prices)
        expect(new Set(prices).size).toBe(prices.length)
        for (const name of prices) expect(name).toMatch(/^.{1,50}$/)
      }),
    )
  })

  it('asks for the same again, whatever the attempt, and for something else with another order or price', () => {
    expect(hashOf(calling('create', bundle(), 7))).toBe(hashOf(bundle()))
    const [first, second] = bundle().items as [Item, Item]
    expect(hashOf(itemised([second, first]))).not.toBe(hashOf(bundle()))
    expect(hashOf(bundle({ price: usd(4_321_200) }))).not.toBe(hashOf(bundle()))
  })

  it('is the same whether an item says a field or the offer says it for all', () => {
    const said = bundle({ productId: PRODUCT, payments: 'yearly' })
    const items = bundle().items?.map(({ payments: _, ...item }) => item) ?? []
    expect(hashOf(itemised(items, { payments: 'yearly' }))).toBe(hashOf(said))
  })
})

const third = (changes: Partial<Item> = {}): AzureOffer => {
  const { items = [] } = bundle()
  return itemised([...items, { ...(items[0] as Item), planName: 'Third', ...changes }])
}

describe('before anything is sent, the rules', () => {
  it.each<[string, AzureOffer]>([
    ['two private plans', bundle()],
    ['SaaS and services', trio()],
    ['two private plans of one public plan', third()],
    ['two discounts', discounts()],
    [
      'a discount and a flat rate of a public plan',
      discounts({ pricing: { model: 'flat-rate', productType: 'saas' }, payments: 'yearly' }),
    ],
    ['discounts for resellers', { ...withoutPlan(csp()), ...ofItems(discounts()) }],
    ['discounts through a partner', { ...withoutPlan(originator()), ...ofItems(discounts()) }],
    ['every plan of two products', discounts({ productId: SERVICES_PRODUCT })],
  ])('let pass %s', (_, offer) => {
    expect(found(offer)).toEqual([])
  })

  it.each<[string, AzureOffer, string[]]>([
    ['a price that is not the total', { ...bundle(), price: usd(4_800_000) }, ['price_not_total price.amount']],
    ['a list price that is not the total', { ...bundle(), listPrice: usd(1) }, ['list_price_not_total listPrice.amount']],
    ['a plan without a price', bundle({ price: usd(0) }), ['price_not_positive items.1.price.amount']],
    ['a rest of cents', bundle({ price: usd(4_320_001) }), ['price_not_divisible items.1.price.amount']],
    [
      'a price in euros',
      bundle({ price: { amount: 4_320_000, currency: 'EUR' } }),
      ['currency_unsupported items.1.price.currency'],
    ],
    ['a plan name as the plan', bundle({ basePlanId: 'seats' }), ['plan_malformed items.1.basePlanId']],
    ['a portal name as the product', bundle({ productId: 'contoso' }), ['product_malformed items.1.productId']],
    [
      'too many users',
      bundle({ pricing: { model: 'per-user', users: 9, minUsers: 10, maxUsers: 20 }, price: usd(432_000) }),
      ['users_out_of_limits items.1.pricing.users'],
    ],
    ['an item paid nohow', bundle(lacking('payments')), ['field_missing items.1.payments']],
    ['payments of all that one does not take', { ...discounts(), payments: 'yearly' }, ['field_not_taken payments']],
    [
      'a percentage of all that one price does not show',
      { ...discounts(lacking('pricing')), pricing: { model: 'percentage', discountPercent: '30' } },
      ['price_not_discounted items.1.price.amount'],
    ],
    ['a term that neither plan has', { ...bundle(), termMonths: 18 }, Array(2).fill('term_unsupported termMonths')],
    ['an expiry that is over, told once', { ...bundle(), expiresOn: '2020-01-01' }, ['expiry_past expiresOn']],
    ['two names alike', bundle({ planName: ' fabrikam ENTERPRISE ' }), ['plan_twice items.1.planName']],
    [
      'one name for all',
      { ...bundle(lacking('planName')), items: bundle().items?.map(({ planName: _, ...item }) => item) ?? [], planName: 'Plan' },
      ['plan_twice items.1.planName'],
    ],
    ['a plan twice', discounts({ basePlanId: PLAN }), ['plan_twice items.1.basePlanId']],
    ['a plan beside every plan', discounts(lacking('basePlanId')), ['plan_twice items.1.basePlanId']],
    ['a private plan beside a public one', bundle(lacking('planName', 'planDescription')), ['items_of_two_kinds items.1']],
    [
      'machines beside SaaS',
      itemised([...(bundle().items ?? []), itemOf(reservation({ termMonths: 12, price: usd(940_000) }))]),
      ['items_of_two_kinds items.2'],
    ],
    [
      'services through a partner',
      { ...withoutPlan(originator()), ...ofItems(trio()), preparedBy: 'a@b.example' },
      ['services_not_multiparty items.2.pricing.productType'],
    ],
    ['a markup', bundle({ pricing: sellingPartner().pricing }), ['model_not_for_kind items.1.pricing.model']],
    [
      'items of a received offer',
      { ...sellingPartner(), items: [itemOf(percentage())] },
      ['model_not_for_kind items.0.pricing.model', 'field_not_taken items'],
    ],
  ])('refuse %s', (_, offer, problems) => {
    expect(found(offer)).toEqual(problems)
  })

  it('say what would be right', () => {
    expect(problemsOf({ ...bundle(), price: usd(1) }, GIVEN)).toEqual([
      {
        code: 'price_not_total',
        target: 'price.amount',
        message: 'it must be the total of the items, which is 9120000: correct it, or the item that is wrong',
      },
    ])
  })
})

describe('what Microsoft refuses of an offer of several plans', () => {
  it.each<[string, AzureOffer, string]>([
    [`There is no plan/${PRODUCT}/${SEAT_PLAN} in product/${PRODUCT}.`, bundle(), 'items.1.basePlanId'],
    [`There is no product/${SERVICES_PRODUCT}.`, trio(), 'items.2.productId'],
    ['The plan name Fabrikam Seats is taken', bundle(), 'items.1.planName'],
    ['resources.2.pricing.1.discountPercentage: Too big', bundle(), 'items.1.price'],
    ['resources.1.pricing.recurrentPrice.prices.0: Invalid', bundle(), 'items.1.price'],
    ['pricing[0] is not allowed', discounts(), 'items.0.price'],
    [`Something is wrong with ${SEAT_PLAN}`, bundle(), 'items.1'],
    ['A plan with a trial cannot have an absolute price.', bundle(), 'items'],
    ['Something else is wrong', bundle(), 'offer'],
    ['The acceptBy date is past.', bundle(), 'expiresOn'],
    [`There is no plan/${PRODUCT}/${PLAN}.`, azureOffer(), 'basePlanId'],
  ])('is told of the item that it speaks of: %s', (message, offer, target) => {
    expect(refusalsOf(offer, [{ code: 'Conflict', message }])).toEqual([
      { code: 'Conflict', target, message: expect.stringContaining(message) },
    ])
  })
})
