import { DateText, monthIndex } from '../lib/core/period.ts'
import * as z from '../lib/core/schema.ts'
import { ATTACHMENT_ROLES, CHANNELS, COST_CHANNELS, COST_PURPOSES, LEDGERS, MILESTONES, TRANSACTION_KINDS } from './words.ts'

// The words that events and records share.
export const Id = z.pattern(/^[\x21-\x7e]{1,128}$/, 'an id of 1 to 128 printable characters without spaces')

/** An id that is made here: it goes into paths as it is, and `all` is the whole programme in metrics. */
export const NewId = z
  .pattern(/^[A-Za-z0-9._:@-]{1,128}$/, 'an id of 1 to 128 letters, digits and . _ : @ -')
  .check(z.refine((id) => id !== 'all', 'must not be "all": that is the whole programme'))

export const Milestone = z.enum(MILESTONES)
export const AttachmentRole = z.enum(ATTACHMENT_ROLES)
export const Ledger = z.enum(LEDGERS)
export const TransactionKind = z.enum(TRANSACTION_KINDS)
export const Channel = z.enum(CHANNELS)
export const CostPurpose = z.enum(COST_PURPOSES)
export const CostChannel = z.enum(COST_CHANNELS)

// A mistyped year would otherwise spread a booking over thousands of months.
const MAX_MONTHS = 120

export const ServicePeriod = z.object({ from: DateText, to: DateText }).check(
  z.refine(({ from, to }) => from < to, { message: 'must be after service.from (it is exclusive)', path: ['to'] }),
  z.refine(({ from, to }) => monthIndex(to) - monthIndex(from) <= MAX_MONTHS, {
    message: 'must be within ten years of service.from',
    path: ['to'],
  }),
)
