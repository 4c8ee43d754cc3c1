import type { World } from '../stand-in.ts'

/** The account whose credentials every caller of the stand-ins holds. */
export const SELLER = { accountId: '111122223333', name: 'Example Software' }

export type Product = {
  id: string
  title: string
  sellerAccountId: string
  hasPublicOffer: boolean
  dimensions: { key: string; name: string; type: 'Entitled' | 'ExternallyMetered' }[]
}

export const PRODUCTS = 'aws.products'

/** A listed SaaS product with a contract dimension and two that are metered. */
export const DEFAULT_PRODUCT: Product = {
  id: 'prod-cosell0ledger',
  title: 'Ledger Cloud',
  sellerAccountId: SELLER.accountId,
  hasPublicOffer: true,
  dimensions: [
    { key: 'seats', name: 'Seats', type: 'Entitled' },
    { key: 'overage_seats', name: 'Seats beyond the contract', type: 'ExternallyMetered' },
    { key: 'api_calls_1k', name: 'Thousand calls', type: 'ExternallyMetered' },
  ],
}

/** A second product, for offers that are accepted together: a set has one offer of each. */
export const SECOND_PRODUCT: Product = { ...DEFAULT_PRODUCT, id: 'prod-cosell0audit', title: 'Audit Cloud' }

/** Lists products, as a seller does in the console before the first private offer. */
export const seedProducts = async ({ shelf }: World, products: Product[] = [DEFAULT_PRODUCT, SECOND_PRODUCT]) => {
  for (const product of products) await shelf.put(PRODUCTS, product.id, product)
}
