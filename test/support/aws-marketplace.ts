import { MarketplaceAgreementClient } from '@aws-sdk/client-marketplace-agreement'
import {
  type Change,
  DescribeChangeSetCommand,
  ListEntitiesCommand,
  MarketplaceCatalogClient,
  StartChangeSetCommand,
} from '@aws-sdk/client-marketplace-catalog'
import { openAgreement } from '../../infra/local/marketplaces/aws/agreement.ts'
import { openCatalog } from '../../infra/local/marketplaces/aws/catalog.ts'
import { DEFAULT_PRODUCT, seedProducts } from '../../infra/local/marketplaces/aws/products.ts'
import { serve } from './loopback.ts'
import { testWorld } from './world.ts'

export const BUYER = '444455556666'

/** The changes of a private offer, `$Offer` being the one that is created. */
export type Changes = Record<string, unknown>

/** A contract of twelve months, paid in three rates, that its buyer can accept until 2026-12-15. */
export const SCHEDULED: Changes = {
  CreateOffer: { ProductId: DEFAULT_PRODUCT.id },
  UpdateInformation: { Name: 'Deal 7', Description: 'for the seller only' },
  UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [BUYER] } },
  UpdatePricingTerms: {
    PricingModel: 'Contract',
    Terms: [
      {
        Type: 'FixedUpfrontPricingTerm',
        CurrencyCode: 'USD',
        Price: '0.00',
        Duration: 'P12M',
        Grants: [{ DimensionKey: 'seats', MaxQuantity: 500 }],
      },
    ],
  },
  UpdateValidityTerms: { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P12M' }] },
  UpdatePaymentScheduleTerms: {
    Terms: [
      {
        Type: 'PaymentScheduleTerm',
        CurrencyCode: 'USD',
        Schedule: [
          { ChargeDate: '2026-12-01', ChargeAmount: '40000.00' },
          { ChargeDate: '2027-03-01', ChargeAmount: '30000.00' },
          { ChargeDate: '2027-06-01', ChargeAmount: '30000.00' },
        ],
      },
    ],
  },
  UpdateLegalTerms: { Terms: [{ Type: 'LegalTerm', Documents: [{ Type: 'StandardEula', Version: '2022-07-14' }] }] },
  UpdateAvailability: { AvailabilityEndDate: '2026-12-15' },
  ReleaseOffer: {},
}

/** Some of the changes replaced, or left out where undefined. */
export const but = (changes: Changes, other: Changes): Changes =>
  Object.fromEntries(Object.entries({ ...changes, ...other }).filter(([, details]) => details !== undefined))

/** A contract whose duration and quantity the buyer chooses and pays at once. */
export const CONFIGURABLE: Changes = but(SCHEDULED, {
  UpdateValidityTerms: undefined,
  UpdatePaymentScheduleTerms: undefined,
  UpdatePricingTerms: {
    PricingModel: 'Contract',
    Terms: [
      {
        Type: 'ConfigurableUpfrontPricingTerm',
        CurrencyCode: 'USD',
        RateCards: ['P12M', 'P24M'].map((Value, index) => ({
          Selector: { Type: 'Duration', Value },
          RateCard: [{ DimensionKey: 'seats', Price: index ? '340.00' : '180.125' }],
          Constraints: { MultipleDimensionSelection: 'Allowed', QuantityConfiguration: 'Allowed' },
        })),
      },
    ],
  },
})

type Document = NonNullable<Change['DetailsDocument']>

/** One change of an offer that exists, or of the one that the set creates. */
export const changeOf = (ChangeType: string, details: unknown, Identifier = '$Offer.Entity.Identifier'): Change => {
  const creates = ChangeType.startsWith('Create')
  return {
    ChangeType,
    Entity: { Type: 'Offer@1.0', ...(!creates && { Identifier }) },
    ...(creates && { ChangeName: 'Offer' }),
    DetailsDocument: details as Document,
  }
}

/** More dimensions for the product. */
export const dimensionsOf = (fields: unknown, product = DEFAULT_PRODUCT.id): Change => ({
  ChangeType: 'AddDimensions',
  Entity: { Type: 'SaaSProduct@1.0', Identifier: product },
  DetailsDocument: fields as Document,
})

export const changeSetOf = (changes: Changes, identifier?: string) =>
  Object.entries(changes).map(([type, details]) => changeOf(type, details, identifier))

const Catalog = 'AWSMarketplace'

/** What the tests do with the catalog, `after` being the way to let time pass. */
const actionsOn = (catalog: MarketplaceCatalogClient, after: (seconds: number) => Promise<void>) => {
  const start = (changes: Change[], more: { ChangeSetName?: string; ClientRequestToken?: string } = {}) =>
    catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet: changes, ...more }))
  const describe = (ChangeSetId: string | undefined) => catalog.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId }))
  const run = async (changes: Change[]) => {
    const { ChangeSetId } = await start(changes)
    await after(180)
    return describe(ChangeSetId)
  }
  const release = async (changes: Changes = SCHEDULED) => {
    const { Status, ChangeSet } = await run(changeSetOf(changes))
    if (Status !== 'SUCCEEDED') throw new Error(JSON.stringify(ChangeSet?.map((each) => each.ErrorDetailList)))
    return ChangeSet?.[0]?.Entity?.Identifier ?? ''
  }
  const offers = () => catalog.send(new ListEntitiesCommand({ Catalog, EntityType: 'Offer' }))
  return { start, describe, run, release, offers }
}

// Without retries: a test sees every answer.
const configFor = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  maxAttempts: 1,
})

/** Both stand-ins behind one address, asked by the real clients. */
export const openMarketplace = async (start?: string) => {
  const { world, sent, advance } = testWorld(start)
  await seedProducts(world)
  const standIns = [openCatalog(world), openAgreement(world)]
  const server = await serve(standIns)
  const config = configFor(server.url)
  const catalog = new MarketplaceCatalogClient(config)
  const agreement = new MarketplaceAgreementClient(config)

  const after = async (seconds: number) => {
    advance(seconds)
    for (const standIn of standIns) await standIn.tick()
  }
  const events = (type: string) => sent.map((message) => message.body).filter((body) => body['detail-type'] === type)
  const close = async () => {
    catalog.destroy()
    agreement.destroy()
    await server.close()
  }
  return { world, config, catalog, agreement, after, events, close, ...actionsOn(catalog, after) }
}

export type Marketplace = Awaited<ReturnType<typeof openMarketplace>>

/** The error of a call that must fail. */
export const refusal = async (call: Promise<unknown>) => {
  try {
    await call
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('the call was not refused')
}
