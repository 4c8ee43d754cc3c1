// The words that events and records share, without their schemas.
export const MILESTONES = ['joined', 'agreement-signed', 'onboarding-complete'] as const
export const ATTACHMENT_ROLES = ['sourced', 'influenced', 'managed'] as const
export const LEDGERS = ['booked', 'scheduled', 'billed', 'cash'] as const
export const TRANSACTION_KINDS = ['contract', 'usage', 'one-time', 'refund', 'credit', 'fee', 'tax'] as const
export const CHANNELS = ['aws', 'azure', 'direct'] as const
export const COST_PURPOSES = ['acquisition', 'support', 'payout'] as const
export const COST_CHANNELS = ['partner', 'direct', 'shared'] as const
