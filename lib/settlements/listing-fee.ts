import { type Money, scale } from '../core/money.ts'

// AWS Marketplace's listing fees, in tenths of a percent, by the day that they hold from. The feed's row is the truth; this is for
// comparison. Source: AWS Marketplace Seller Guide, "Listing fees", as of 2026-11-22.

type Tier = { upTo: number; permille: number }
type Fees = {
  from: string
  publicSaas: number
  publicServer: number
  professionalServices: number
  /** By total contract value in US dollars, `upTo` exclusive. */
  privateOffer: readonly Tier[]
  renewal: number
  /** Added where a channel partner sells. */
  channelPartner: number
  /** Added by the buyer's country. */
  countries: Readonly<Record<string, number>>
}

const LISTING_FEES: readonly Fees[] = [
  {
    from: '2024-01-05',
    publicSaas: 30,
    publicServer: 200,
    professionalServices: 5,
    privateOffer: [
      { upTo: 1_000_000_00, permille: 30 },
      { upTo: 10_000_000_00, permille: 20 },
      { upTo: Number.POSITIVE_INFINITY, permille: 15 },
    ],
    renewal: 15,
    channelPartner: 5,
    countries: { KR: 10 },
  },
]

export type ListedSale = {
  kind: 'public-saas' | 'public-server' | 'private-offer' | 'professional-services'
  /** The total contract value in US cents: it decides the tier. */
  contractValue: number
  isRenewal: boolean
  isChannelPartner: boolean
  /** ISO 3166. */
  country: string
}

const baseOf = (fees: Fees, { kind, contractValue, isRenewal }: ListedSale): number => {
  if (kind === 'public-saas') return fees.publicSaas
  if (kind === 'public-server') return fees.publicServer
  if (kind === 'professional-services') return fees.professionalServices
  return isRenewal ? fees.renewal : (fees.privateOffer.find(({ upTo }) => contractValue < upTo)?.permille ?? 0)
}

/** What AWS is expected to take of an amount that is billed on a day, negative as in the feed; undefined before the first known table. */
export const expectedFee = (sale: ListedSale, billed: Money, on: string): Money | undefined => {
  const fees = LISTING_FEES.findLast(({ from }) => from <= on)
  if (!fees) return undefined
  const surcharge = (sale.isChannelPartner ? fees.channelPartner : 0) + (fees.countries[sale.country] ?? 0)
  const permille = baseOf(fees, sale) + surcharge
  return { ...billed, amount: -scale(billed.amount, { numerator: permille, denominator: 1000 }) || 0 }
}
