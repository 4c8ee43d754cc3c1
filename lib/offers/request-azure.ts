import * as z from '../core/schema.ts'
import { common } from './request-common.ts'

/** A SaaS plan at an absolute price for one Azure billing account. */
export const AzureOfferRequest = z.strictObject({
  marketplace: z.literal('azure'),
  ...common,
  billingAccountId: z.described(z.text(200), "the customer's billing account id"),
  basePlanId: z.described(z.text(200), 'the public plan (guid) that the private plan is made from'),
  planName: z.text(50),
  planDescription: z.text(500),
  payments: z.enum(['monthly', 'yearly', 'upfront']),
  preparedBy: z.email(),
  notificationContacts: z.list(z.email(), 5),
  termsUrl: z.described(z.optional(z.url()), 'the terms and conditions as one PDF'),
})
