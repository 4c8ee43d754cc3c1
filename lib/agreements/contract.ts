import type { Contract } from '../core/contract.ts'
import * as z from '../core/schema.ts'

/** What Microsoft's marketplace calls; it proves itself by its token. Apart from the rest, since its answer must be quick. */
export const webhookContract = {
  receiveOperation: {
    method: 'POST',
    path: '/azure/webhook',
    status: 200,
    summary: "Microsoft's SaaS fulfilment webhook: checked, kept, and worked on later",
  },
} as const satisfies Contract

/** Where a buyer arrives from Microsoft's marketplace, with a purchase token to prove it. */
export const contract = {
  landPurchase: {
    method: 'POST',
    path: '/azure/landing',
    status: 200,
    summary: 'A buyer arrives with the purchase token of the marketplace: resolve, activate, record',
    body: z.strictObject({ token: z.text(10_000) }),
    result: z.object({ subscriptionId: z.string(), status: z.string() }),
  },
} as const satisfies Contract
