import { emit } from '../../events/envelope.ts'
import type { DomainEvent } from '../../events/index.ts'
import { Group, PartnerType } from '../../events/partner.ts'
import { Id, Milestone, NewId } from '../../events/vocabulary.ts'
import { type Actor, type Context, today } from '../core/context.ts'
import { conflict } from '../core/errors.ts'
import { DateText, Instant } from '../core/period.ts'
import * as z from '../core/schema.ts'
import { TimeZone } from '../core/zone.ts'

export const NewPartner = z.strictObject({
  id: z.described(z.optional(NewId), 'yours, or one is made'),
  name: z.trimmed(200),
  type: PartnerType,
  tier: z.described(z.optional(Group), 'as the vendor calls it, like gold'),
  region: z.described(z.optional(Group), 'as the vendor calls it, like emea'),
  country: z.optional(z.pattern(/^[A-Z]{2}$/, 'two capital letters of ISO 3166, like DE')),
  contactEmail: z.optional(z.email()),
  timeZone: z.described(z.optional(TimeZone), 'of its mails, like Europe/Berlin; default: UTC'),
  joinedOn: z.described(z.optional(DateText), 'default: today'),
})
export type NewPartner = z.infer<typeof NewPartner>

const NoMore = z.optional(z.nullable(Group))

/** Null takes a tier or region away, what is absent stays. */
export const Classification = z
  .strictObject({ tier: NoMore, region: NoMore })
  .check(z.refine((body) => Object.keys(body).length > 0, { message: 'must have a tier or a region', path: ['tier'] }))
export type Classification = z.infer<typeof Classification>

export const MilestoneReport = z.strictObject({ milestone: Milestone, on: DateText })
export type MilestoneReport = z.infer<typeof MilestoneReport>

/** Nobody approves an offer of a partner that is on hold: its own file says why and since when. */
const ComplianceHold = z.object({ reason: z.string(), by: z.string(), at: Instant })

export const HoldReason = z.strictObject({ reason: z.trimmed(500) })

export const Partner = z.named(
  z.object({
    ...z.omit(NewPartner, { id: true, joinedOn: true }).shape,
    id: Id,
    version: z.int(),
    createdAt: Instant,
    milestones: z.partialRecord(Milestone, DateText),
    complianceHold: z.described(z.optional(ComplianceHold), 'no offer is approved meanwhile; not shown to the partner'),
  }),
  'Partner',
)
export type Partner = z.infer<typeof Partner>

type Decided = { partner: Partner; events: DomainEvent[] }

const reached = (partner: Partner, { milestone, on }: MilestoneReport, context: Context): Decided => ({
  partner: { ...partner, milestones: { ...partner.milestones, [milestone]: on } },
  events: [
    emit(
      context,
      'partner.milestone-reached.v1',
      partner.id,
      { partnerId: partner.id, milestone, on },
      { happened: `${on}T00:00:00Z` },
    ),
  ],
})

const classOf = ({ tier, region }: Partner) => ({ ...(tier && { tier }), ...(region && { region }) })

export const register = ({ id = '', joinedOn, ...input }: NewPartner, context: Context): Decided => {
  const partnerId = id || context.newId('ptn')
  const partner: Partner = { ...input, id: partnerId, version: 0, createdAt: context.now, milestones: {} }
  const joined = reached(partner, { milestone: 'joined', on: joinedOn ?? today(context) }, context)
  const registered = emit(context, 'partner.registered.v1', partnerId, {
    partnerId,
    partnerType: input.type,
    ...classOf(partner),
  })
  return { ...joined, events: [registered, ...joined.events] }
}

/** The first report of a milestone holds, or an earlier one: metrics count from the earliest day. */
export const reachMilestone = (partner: Partner, report: MilestoneReport, context: Context): Decided => {
  const known = partner.milestones[report.milestone]
  if (known === report.on) return { partner, events: [] }
  if (known && known < report.on)
    throw conflict(`${report.milestone} was reached on ${known} already; only an earlier day can correct it`, 'on')
  return reached(partner, report, context)
}

/** Metrics cut by tier or region go by what a partner is today. */
export const classify = (partner: Partner, change: Classification, { subject }: Actor, context: Context): Decided => {
  const { tier, region, ...rest } = partner
  const wanted = { tier, region, ...change }
  const after = { ...rest, ...(wanted.tier && { tier: wanted.tier }), ...(wanted.region && { region: wanted.region }) }
  if (after.tier === tier && after.region === region) return { partner, events: [] }
  const told = { partnerId: partner.id, ...classOf(after), by: subject }
  return { partner: after, events: [emit(context, 'partner.classified.v1', partner.id, told)] }
}

export const hold = (partner: Partner, reason: string, { subject }: Actor, context: Context): Decided => {
  const known = partner.complianceHold
  if (known?.reason === reason) return { partner, events: [] }
  if (known) throw conflict(`${partner.id} is on hold already: ${known.reason}; lift that hold first`, 'reason')
  return {
    partner: { ...partner, complianceHold: { reason, by: subject, at: context.now } },
    events: [emit(context, 'partner.held.v1', partner.id, { partnerId: partner.id, by: subject, reason })],
  }
}

export const liftHold = (partner: Partner, reason: string, { subject }: Actor, context: Context): Decided => {
  const { complianceHold, ...free } = partner
  if (!complianceHold) return { partner, events: [] }
  return {
    partner: free,
    events: [emit(context, 'partner.hold-lifted.v1', partner.id, { partnerId: partner.id, by: subject, reason })],
  }
}

/** The partner as it sees itself. */
export const withoutHold = ({ complianceHold: _, ...partner }: Partner): Partner => partner
