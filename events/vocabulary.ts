import * as z from 'zod'
import { DateText } from '../lib/core/period.ts'

// The words that events and records share.
export const Id = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'an id of 1 to 128 printable characters without spaces')

export const Milestone = z.enum(['joined', 'agreement-signed', 'onboarding-complete'])
export const AttachmentRole = z.enum(['sourced', 'influenced', 'managed'])
export const Ledger = z.enum(['booked', 'scheduled', 'billed', 'cash'])
export const TransactionKind = z.enum(['contract', 'usage', 'one-time', 'refund', 'credit', 'fee', 'tax'])
export const Channel = z.enum(['aws', 'azure', 'direct'])
export const CostPurpose = z.enum(['acquisition', 'support', 'payout'])
export const CostChannel = z.enum(['partner', 'direct', 'shared'])

export const ServicePeriod = z
  .object({ from: DateText, to: DateText })
  .refine(({ from, to }) => from < to, { message: 'must be after service.from (it is exclusive)', path: ['to'] })
