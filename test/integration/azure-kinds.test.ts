import { describe, expect, it } from 'vitest'
import { acceptPrivateOffer, purchase } from '../../infra/local/marketplaces/azure/customer.ts'
import { publishAsPartner, receiveOffer, withdrawAsPartner } from '../../infra/local/marketplaces/azure/selling-partner.ts'
import { AZURE } from '../../infra/local/marketplaces/azure/tenant.ts'
import { followOffer } from '../../lib/offers/follow.ts'
import type { AzureOffer } from '../../lib/offers/offer.ts'
import { azureAdapter } from '../support/azure-adapter.ts'
import { contextAt, memoryOffers } from '../support/offers.ts'
import {
  azureOffer,
  bundle,
  CSP_TENANT,
  calling,
  csp,
  discounts,
  flexible,
  metered,
  originator,
  PLAN,
  percentage,
  perUser,
  reservation,
  SEAT_PLAN,
  sellingPartner,
  services,
  trio,
} from '../unit/offers/azure-offer.ts'

const { azure, fault, marketplace, released, sent, setFront } = azureAdapter()

const publicFlatRate = () => {
  const { planName: _, planDescription: __, ...offer } = azureOffer()
  return offer
}
const everyPlan = () => {
  const { basePlanId: _, ...offer } = percentage()
  return offer
}

/** An offer that another originator sent us, as our part of it. */
const received = async (changes: Partial<AzureOffer> = {}, sentAs: Record<string, unknown> = {}) => {
  const { privateOfferId } = await receiveOffer(azure().world, sentAs)
  return sellingPartner({ receivedOfferId: privateOfferId, ...changes })
}

const KINDS: [string, () => Promise<AzureOffer>, object][] = [
  ['a percentage', async () => percentage(), { subState: 'pendingAcceptance' }],
  ['a percentage of every plan', async () => everyPlan(), { subState: 'pendingAcceptance' }],
  ['a flat rate of its own', async () => azureOffer(), { subState: 'pendingAcceptance' }],
  ['a flat rate of the public plan', async () => publicFlatRate(), { subState: 'pendingAcceptance' }],
  ['users', async () => perUser(), { subState: 'pendingAcceptance' }],
  ['meters', async () => metered(), { subState: 'pendingAcceptance' }],
  ['several private plans', async () => bundle(), { pricing: [{ planName: 'Enterprise' }, { planName: 'Seats' }] }],
  ['several products', async () => trio(), { offerPricingType: 'newCustomizedPlans' }],
  ['several discounts', async () => discounts(), { pricing: [{ discountPercentage: 20 }, { discountPercentage: 10 }] }],
  ['professional services', async () => services(), { subState: 'pendingAcceptance' }],
  ['a reservation', async () => reservation(), { subState: 'pendingAcceptance' }],
  ['a flexible schedule', async () => flexible(), { subState: 'pendingAcceptance' }],
  ['a fixed start', async () => azureOffer({ startsOn: '2027-01-01' }), { start: '2027-01-01', end: '2027-12-31' }],
  ['resellers', async () => csp(), { subState: null, acceptBy: null, beneficiaries: [{ id: CSP_TENANT }] }],
  ['a selling partner', async () => originator(), { subState: 'pendingPartnerAction' }],
  ['an originator', () => received(), { subState: 'pendingAcceptance', preparedBy: 'desk@northwind.example' }],
]

const ownerOf = async (offer: AzureOffer) =>
  (await azure().call('GET', `/azure/ingestion/private-offer/${offer.externalId}?$version=2023-07-15`)).body
const there = async () => (await azure().world.shelf.list<{ state: string }>('azure.offers')).length

/** Takes an approved offer step by step, as the functions do, for 40 minutes; counts what is posted. */
const followed = async (offer: AzureOffer) => {
  const { store, types } = memoryOffers(offer)
  let posts = 0
  setFront(async ({ method, path }) => {
    if (method === 'POST' && path.endsWith('/configure')) posts++
    return undefined
  })
  const context = () => contextAt(azure().world.now().toISOString())
  const step = () => followOffer({ store, marketplace: marketplace() })(offer.id, context()).catch(() => undefined)
  const run = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) {
      await step()
      azure().advance(60)
    }
    return (await store.get(offer.id)) as AzureOffer
  }
  return { run, store, types, posts: () => posts }
}

describe('an offer on Azure', () => {
  it.each(KINDS)('with %s is released as it was planned', async (_, made, shown) => {
    const offer = await made()
    expect(marketplace().plan(offer, '2026-11-02').problems).toEqual([])
    const after = await released(calling('create', offer))
    expect(await ownerOf(after)).toMatchObject({ state: 'live', ...shown })
  })

  it.each(KINDS)('with %s is there once, although the answer to its request was lost', async (_, made) => {
    const offer = await made()
    const before = await there()
    const { run, posts, types } = await followed(offer)
    fault('azure.ingestion.configure', 'reset')
    expect(await run(30)).toMatchObject({ status: 'released' })
    expect([posts(), types().filter((type) => type === 'offer.released.v1')]).toEqual([1, ['offer.released.v1']])
    expect(await there()).toBe(offer.receivedOfferId ? before : before + 1)
  })

  it.each(KINDS)('with %s is withdrawn once, although that answer was lost', async (_, made) => {
    const after = await released(calling('create', await made()))
    const { run, posts } = await followed({ ...after, status: 'withdrawing' })
    fault('azure.ingestion.configure', 'reset')
    expect(await run(30)).toMatchObject({ status: 'withdrawn' })
    expect(posts()).toBe(1)
    expect((await ownerOf(after)).state).toBe(after.kind === 'csp' ? 'withdrawn' : 'draft')
  })

  it('is sent again when its request never arrived, after a while', async () => {
    const { run, posts } = await followed(csp())
    fault('azure.ingestion.configure', 'error', { status: 503 })
    expect(await run(15)).toMatchObject({ status: 'submitting' })
    expect(await run(15)).toMatchObject({ status: 'released' })
    expect([posts(), await there()]).toEqual([2, 1])
  })

  it('is read whatever the casing of its states', async () => {
    const { run, store } = await followed(originator())
    const after = await run(10)
    await publishAsPartner(azure().world, after.externalId ?? '')
    await acceptPrivateOffer(azure().world, after.externalId ?? '')
    setFront(async ({ path }) => {
      if (!path.includes('/private-offer/')) return undefined
      const body = await ownerOf(after)
      return {
        status: 200,
        body: { ...body, state: 'Live', subState: 'Accepted', privateOfferType: 'MultiPartyPromotionOriginator' },
      }
    })
    const offer = await followOffer({ store, marketplace: marketplace() })('off_1', contextAt(azure().world.now().toISOString()))
    expect(offer.status).toBe('accepted')
  })
})

describe('an offer to resellers', () => {
  it('rests on sale until its end, and nobody accepts it', async () => {
    const { run, types } = await followed(csp({ startsOn: '2026-12-01', expiresOn: '2026-12-31' }))
    const after = await run(10)
    const asked: string[] = []
    setFront(async ({ path }) => {
      asked.push(path)
      return undefined
    })
    expect(await run(3)).toMatchObject({ status: 'released' })
    expect(asked).toEqual([])
    azure().advance(60 * 86_400)
    expect(await run(1)).toMatchObject({ status: 'expired' })
    expect(types().at(-1)).toBe('offer.expired.v1')
    expect((await ownerOf(after)).state).toBe('live')
  })

  it('that was sold stays, with the reason', async () => {
    const after = await released(calling('create', csp({ startsOn: '2026-12-01' })))
    azure().advance(40 * 86_400)
    await purchase(azure().world, after.externalId ?? '')
    const { run } = await followed({ ...after, status: 'withdrawing' })
    expect(await run(10)).toMatchObject({
      status: 'released',
      problems: [{ target: 'offer', message: expect.stringContaining('only Microsoft support can end it') }],
    })
  })
})

describe('a multiparty offer of ours', () => {
  const live = async () => {
    const flow = await followed(originator())
    const offer = await flow.run(10)
    return { ...flow, offer, id: offer.externalId ?? '' }
  }

  it('tells who has it, to the acceptance', async () => {
    const { run, types, id, offer } = await live()
    expect(offer).toMatchObject({ status: 'released', awaits: 'selling-partner' })
    expect(offer).not.toHaveProperty('acceptanceLink')
    await publishAsPartner(azure().world, id)
    expect(await run(2)).toMatchObject({ awaits: 'customer', acceptanceLink: expect.stringContaining(id) })
    await withdrawAsPartner(azure().world, id)
    expect(await run(2)).toMatchObject({ awaits: 'selling-partner' })
    await publishAsPartner(azure().world, id)
    await acceptPrivateOffer(azure().world, id)
    expect(await run(2)).toMatchObject({ status: 'accepted' })
    expect(types().slice(3)).toEqual([
      'offer.handed-over.v1',
      'offer.handed-over.v1',
      'offer.handed-over.v1',
      'offer.accepted.v1',
    ])
  })

  it('expires wherever it is', async () => {
    const { run } = await live()
    azure().advance(60 * 86_400)
    expect(await run(1)).toMatchObject({ status: 'expired', awaits: 'selling-partner' })
  })

  it('is not withdrawn over the head of the partner', async () => {
    const { id, offer } = await live()
    await publishAsPartner(azure().world, id)
    const { run, posts } = await followed({ ...offer, status: 'withdrawing' })
    expect(await run(1)).toMatchObject({ status: 'released', problems: [{ code: 'partner_has_published', target: 'status' }] })
    expect(posts()).toBe(0)
    await withdrawAsPartner(azure().world, id)
    const next = await followed({ ...offer, status: 'withdrawing' })
    expect(await next.run(10)).toMatchObject({ status: 'withdrawn' })
  })

  it('that meets another offer fails with what to do about it', async () => {
    await released(calling('create', percentage({ id: 'off_0' })))
    const { run } = await followed(originator())
    const [problem] = (await run(10)).problems
    expect(problem).toEqual({
      code: 'Conflict',
      target: 'startsOn',
      message: expect.stringMatching(/overlaps.*\(withdraw the other/),
    })
  })
})

describe('a multiparty offer of another originator', () => {
  const refusals = async (offer: AzureOffer) => {
    const answer = await marketplace().send(calling('create', offer))
    return 'refused' in answer ? answer.refused.map(({ code, target }) => `${code} ${target}`) : []
  }
  const seats = {
    product: `product/${AZURE.saasProductId}`,
    plan: `plan/${AZURE.saasProductId}/${SEAT_PLAN}`,
    discountType: 'percentage',
    discountPercentage: 5,
  }
  const document = { sasUrl: 'https://contoso.example/a.pdf', fileName: 'a.pdf', customerFacingDocumentName: 'a' }
  const none = (): Promise<AzureOffer> => Promise.resolve(sellingPartner())

  it.each<[string, () => Promise<AzureOffer>, string[]]>([
    ['it does not exist', none, ['not_received receivedOfferId']],
    [
      'a price of it has no markup',
      () => received({}, { originatorPricing: [seats] }),
      ['markup_missing pricing.markups', 'markup_stray pricing.markups'],
    ],
    ['its last day is another one', () => received({ expiresOn: '2026-12-21' }), ['expiry_differs expiresOn']],
    [
      'both parties have too many documents',
      () => received({}, { originatorTermsAndConditionsDocs: Array(5).fill(document) }),
      ['terms_too_many termsDocuments'],
    ],
  ])('is not sent where %s', async (_, made, problems) => {
    expect(await refusals(await made())).toEqual(problems)
    expect(await azure().world.shelf.list('azure.jobs')).toEqual([])
  })

  it('is not sent where it is an offer of our own', async () => {
    const own = await released(calling('create', azureOffer()))
    expect(await refusals(sellingPartner({ receivedOfferId: own.externalId ?? '' }))).toEqual(['not_received receivedOfferId'])
  })

  it('is not published twice, but again after a withdrawal', async () => {
    const offer = await received()
    const after = await released(calling('create', offer))
    expect(await refusals(offer)).toEqual(['already_published receivedOfferId'])
    await sent(calling('withdraw', after, 2))
    azure().advance(180)
    await released(calling('create', { ...offer, pricing: { model: 'markup', markups: [{ planId: PLAN, percent: '3.5' }] } }))
    expect((await ownerOf(after)).originatorPricing).toMatchObject([{ markupPercentage: 3.5 }])
  })

  it('goes out with all that its originator fixed', async () => {
    const posted: unknown[] = []
    setFront(async ({ method, path, body }) => {
      if (method === 'POST' && path.endsWith('/configure')) posted.push(...JSON.parse(body).resources)
      return undefined
    })
    const offer = await received({ notes: 'opp-7' }, { originatorTermsAndConditionsDocs: [document] })
    await released(calling('create', offer))
    expect(posted).toMatchObject([
      {
        id: `private-offer/${offer.receivedOfferId}`,
        name: 'Fabrikam via Northwind',
        state: 'live',
        privateOfferType: 'multipartyPromotionChannelPartner',
        offerPricingType: 'editExistingOfferPricingOnly',
        end: '2027-12-31',
        acceptBy: '2026-12-20',
        preparedBy: 'desk@northwind.example',
        originatorTermsAndConditionsDocs: [document],
        termsAndConditionsDocs: [{ fileName: 'own.pdf' }],
        beneficiaries: [{ id: AZURE.billingAccountId }],
        originatorPricing: [{ productName: 'Contoso Insights', discountPercentage: 20, markupPercentage: 8 }],
        notes: 'opp-7',
        eTag: expect.any(String),
      },
    ])
  })

  it('is accepted by the customer', async () => {
    const { run } = await followed(await received())
    const after = await run(10)
    await acceptPrivateOffer(azure().world, after.externalId ?? '')
    expect(await run(1)).toMatchObject({ status: 'accepted' })
  })
})

describe('the draft that a withdrawn offer leaves', () => {
  const withdrawn = async () => {
    const after = await released(calling('create', azureOffer()))
    await sent(calling('withdraw', after, 2))
    azure().advance(180)
    return { ...after, status: 'deleting' as const }
  }

  it('is deleted once, although the answer was lost', async () => {
    const { run, posts, types } = await followed(await withdrawn())
    fault('azure.ingestion.configure', 'reset')
    expect(await run(30)).toMatchObject({ status: 'deleted' })
    expect([posts(), await there(), types().at(-1)]).toEqual([1, 0, 'offer.deleted.v1'])
  })

  it('is deleted when its job has ended', async () => {
    const { run, posts } = await followed(await withdrawn())
    expect(await run(10)).toMatchObject({ status: 'deleted' })
    expect(posts()).toBe(1)
  })

  it('that somebody deleted in Partner Center counts as deleted, and one that is live again is left alone', async () => {
    const gone = await withdrawn()
    await azure().world.shelf.remove('azure.offers', gone.externalId ?? '')
    expect(await (await followed(gone)).run(2)).toMatchObject({ status: 'deleted' })
    const after = await released(calling('create', azureOffer({ id: 'off_2' })))
    const { run } = await followed({ ...after, status: 'deleting' })
    expect(await run(10)).toMatchObject({ status: 'withdrawn', problems: [{ message: expect.stringContaining('drafts') }] })
  })
})

describe('a renewal', () => {
  it('names the offer that it renews, and fails where that is gone', async () => {
    const earlier = await released(calling('create', azureOffer()))
    await acceptPrivateOffer(azure().world, earlier.externalId ?? '')
    const predecessor = { externalId: earlier.externalId ?? '', name: earlier.externalName ?? '', endsOn: '2027-12-31' }
    const renewal = azureOffer({
      id: 'off_2',
      predecessor,
      upgradedFrom: 'off_1',
      startsOn: '2028-01-01',
      expiresOn: '2027-12-31',
    })
    const after = await released(calling('create', renewal))
    expect((await ownerOf(after)).upgradedFrom).toEqual({
      name: 'Fabrikam 12m (off_1 1)',
      id: `private-offer/${earlier.externalId}`,
    })
    const { run } = await followed({ ...renewal, id: 'off_3', predecessor: { ...predecessor, externalId: AZURE.planId } })
    expect(await run(10)).toMatchObject({ status: 'failed', problems: [{ target: 'upgradedFrom' }] })
  })
})

describe('an offer that somebody removed in Partner Center', () => {
  const removed = async () => {
    const after = await released(calling('create', azureOffer()))
    await azure().world.shelf.remove('azure.offers', after.externalId ?? '')
    return after
  }

  it('counts as withdrawn when it shall be', async () => {
    const { run, posts } = await followed({ ...(await removed()), status: 'withdrawing' })
    expect(await run(2)).toMatchObject({ status: 'withdrawn' })
    expect(posts()).toBe(0)
  })

  it('expires as nobody can accept it', async () => {
    const { run } = await followed(await removed())
    expect(await run(1)).toMatchObject({ status: 'released' })
    azure().advance(60 * 86_400)
    expect(await run(1)).toMatchObject({ status: 'expired' })
  })

  it('fails where it is one that we received, also after a lost answer', async () => {
    const { run } = await followed(sellingPartner())
    fault('azure.ingestion.get', 'error', { status: 503 })
    expect(await run(30)).toMatchObject({ status: 'failed', problems: [{ code: 'not_received' }] })
  })
})

describe('what Azure alone can know', () => {
  it.each<[string, () => Promise<AzureOffer>, string, RegExp]>([
    [
      'a plan with a trial',
      async () => {
        const plan = await azure().world.shelf.get<object>('azure.plans', PLAN)
        await azure().world.shelf.put('azure.plans', PLAN, { ...plan, hasTrial: true })
        return azureOffer()
      },
      'price',
      /take a percentage/,
    ],
    [
      'the plan of a virtual machine',
      async () => ({ ...publicFlatRate(), productId: AZURE.vmProductId, basePlanId: AZURE.vmPlanId }),
      'price',
      /for a VM plan a reservation/,
    ],
    [
      'a reservation of SaaS',
      async () => reservation({ productId: AZURE.saasProductId, basePlanId: PLAN }),
      'productId',
      /does not fit/,
    ],
  ])('fails with our field and a remedy: %s', async (_, made, target, message) => {
    const { run } = await followed(await made())
    expect(await run(10)).toMatchObject({ status: 'failed', problems: [{ target, message: expect.stringMatching(message) }] })
  })
})
