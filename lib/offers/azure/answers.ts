import * as z from '../../core/schema.ts'
import type { AzureError } from '../../runtime/azure.ts'
import type { Problem } from '../offer.ts'

// The casing of enumerations differs between Microsoft's documents and its answers.
const word = z.mapped(z.string(), (text) => text.trim().toLowerCase())

const Errors = z.nullish(z.array(z.object({ code: z.catch(z.string(), ''), message: z.catch(z.string(), '') })))

export const Job = z.mapped(
  z.object({
    jobId: z.optional(z.string()),
    jobID: z.optional(z.string()),
    jobStatus: word,
    jobResult: word,
    jobEnd: z.nullish(z.string()),
    errors: Errors,
  }),
  ({ jobID = '', jobId = jobID, jobStatus, jobResult, jobEnd, errors }) => ({
    jobId,
    done: jobStatus === 'completed',
    result: jobResult,
    end: jobEnd ?? '',
    errors: errors ?? [],
  }),
)
export type Job = z.infer<typeof Job>

/** The instant a job ended; the year 1 stands for "not yet". */
export const endOf = ({ end }: Job): string | undefined => {
  const instant = Date.parse(end)
  return instant > 0 ? new Date(instant).toISOString() : undefined
}

const guidOf = (id: string) => id.replace(/^private-offer\//i, '')

export const PrivateOffer = z.mapped(
  z.object({
    id: z.string(),
    name: z.string(),
    offerPricingType: z.nullish(z.string()),
    state: word,
    subState: z.nullish(word),
    lastModified: z.nullish(z.string()),
    acceptanceLinks: z.nullish(z.array(z.object({ link: z.string() }))),
  }),
  ({ id, acceptanceLinks, ...offer }) => ({
    ...offer,
    guid: guidOf(id),
    acceptanceLink: acceptanceLinks?.[0]?.link,
  }),
)
export type PrivateOffer = z.infer<typeof PrivateOffer>

export const isLive = ({ state }: PrivateOffer) => state === 'live'
/** Who has a live offer that nobody accepted yet: only multiparty offers wait for a partner first. */
export const awaits = ({ subState }: PrivateOffer) => (subState === 'pendingpartneraction' ? 'selling-partner' : 'customer')
export const isAccepted = (offer: PrivateOffer) => isLive(offer) && offer.subState === 'accepted'
/** After a withdrawal an offer is a draft again; that of a reseller (CSP) stays withdrawn. */
export const isWithdrawn = ({ state }: PrivateOffer) => state === 'draft' || state === 'withdrawn'

/**
 * Microsoft dates an acceptance by the day of the offer's last change only. Seen on that day, it happened by now; seen later, it
 * happened by the end of that day, unless that was before the release.
 */
export const acceptedAt = ({ lastModified }: Pick<PrivateOffer, 'lastModified'>, releasedAt: string, now: string): string => {
  const endOfDay = `${lastModified?.slice(0, 10)}T23:59:59.999Z`
  return releasedAt < endOfDay && endOfDay < now ? endOfDay : now
}

export const PrivateOfferPage = z.mapped(
  z.object({
    privateOffers: z.nullish(z.array(z.object({ id: z.string(), name: z.catch(z.string(), '') }))),
    '@nextLink': z.nullish(z.string()),
  }),
  (page) => ({
    offers: (page.privateOffers ?? []).map(({ id, name }) => ({ guid: guidOf(id), name })),
    next: page['@nextLink'],
  }),
)

const Made = z.object({ resources: z.array(z.looseObject({ id: z.catch(z.string(), '') })) })

/** What a job made: the price and the offer, of which only the offer is told. */
export const JobDetail = z.pipe(
  z.mapped(Made, ({ resources }) => resources.find(({ id }) => /^private-offer\//i.test(id))),
  PrivateOffer,
)

// The first that fits; the words are Microsoft's field names and nouns.
const TARGETS: [RegExp, string][] = [
  [/overlap/i, 'startsOn'],
  [/acceptBy|accept by|expir/i, 'expiresOn'],
  [/start date|variableStartDate/i, 'startsOn'],
  [/beneficiaryRecipient|\bcsp\b/i, 'cspTenants'],
  [/beneficiar|billing account/i, 'billingAccountId'],
  [/upgrade/i, 'upgradedFrom'],
  [/markup|originatorPricing/i, 'pricing.markups'],
  [/\bpartners?\b/i, 'sellingPartner'],
  [/notificationContacts|notification contact/i, 'notificationContacts'],
  [/preparedBy|prepared by/i, 'preparedBy'],
  [/termsAndConditionsDocs/i, 'termsDocuments'],
  [/termsAndConditions|terms and conditions/i, 'termsUrl'],
  [/newPlanDetails|plan name/i, 'planName'],
  [/billingTerm|billing term|paymentOption|payment option/i, 'payments'],
  [/pric(e|ing)/i, 'price'],
  [/plan\b/i, 'basePlanId'],
  [/product\b/i, 'productId'],
  [/\bname\b/i, 'name'],
]

// What people cannot see from Microsoft's words alone.
const REMEDIES: [RegExp, string][] = [
  [/overlap/i, 'withdraw the other offer of this plan, or take a time after it'],
  [/trial|virtual machine/i, 'take a percentage, or for a VM plan a reservation'],
  [/\bsold\b|\bsale/i, 'somebody has bought: only Microsoft support can end it'],
]

const remedyOf = (message: string) => {
  const remedy = REMEDIES.find(([words]) => words.test(message))?.[1]
  return remedy ? ` (${remedy})` : ''
}

/** An error of Microsoft's as a problem of the field that it speaks of, or of the offer as a whole. */
export const problemOf = ({ code, message }: AzureError): Problem => ({
  code: code || 'refused',
  target: TARGETS.find(([words]) => words.test(message))?.[1] ?? 'offer',
  message: `Microsoft refuses: ${message || code}${remedyOf(message)}`,
})

/** Whether an error tells of a breakdown on their side, which a new attempt may not meet. */
export const isBreakdown = ({ code }: AzureError) => /internal|timeout|timedout|unavailable/i.test(code)
