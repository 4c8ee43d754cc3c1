import { afterEach, beforeEach } from 'vitest'
import { type Marketplace, openMarketplace } from './aws-marketplace.ts'

/** AWS Marketplace on a port of this machine: another one for each test of the file that imports this. */
export let market: Marketplace

beforeEach(async () => {
  market = await openMarketplace()
})
afterEach(() => market.close())
