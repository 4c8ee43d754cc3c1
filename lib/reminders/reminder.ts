import type { RunningAgreement } from '../agreements/running.ts'
import { localTime } from '../core/zone.ts'
import type { Offer } from '../offers/offer.ts'
import { type MissingTerms, planKey } from '../terms/missing.ts'
import { endingMarks, markAfter, markBefore, type ReminderRule } from './rule.ts'

/** `on` is the day that the reminder counts to or from, `mark` the day of the rule that it is for, `days` how many they are today. */
type Due = { on: string; mark: number; days: number }

export type OfferReminder = Due & { kind: 'acceptance-pending' | 'offer-expiring'; offer: Offer }
export type AgreementReminder = Due & { kind: 'agreement-ending' | 'agreement-renewing'; agreement: RunningAgreement }
export type TermsReminder = Due & { kind: 'terms-missing'; plan: MissingTerms }
export type Reminder = OfferReminder | AgreementReminder | TermsReminder

/** What one is reminded of. */
export type Subject = { offer: Offer } | { agreement: RunningAgreement } | { plan: MissingTerms }

/** Where and when the receiver is: the day there, and the day there of any instant. */
export type Local = { day: string; dayOf: (instant: string) => string }

const MORNING_HOUR = 8

/** The day of a receiver from its morning on; before that there is nothing to send. */
export const morningOf = (now: string, timeZone: string): Local | undefined => {
  const { on, hour } = localTime(now, timeZone)
  if (hour < MORNING_HOUR) return undefined
  return { day: on, dayOf: (instant) => localTime(instant, timeZone).on }
}

const between = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

const due = (on: string, mark: number | undefined, day: string): Due | undefined =>
  mark === undefined ? undefined : { on, mark, days: Math.abs(between(on, day)) }

/** Once the end is near, only the end is spoken of. */
const ofOffer = (offer: Offer, rule: ReminderRule, { day, dayOf }: Local): Reminder | undefined => {
  const { status, releasedAt, expiresOn } = offer
  if (status !== 'released' || !releasedAt || day > expiresOn) return undefined
  const releasedOn = dayOf(releasedAt)
  const expiring = due(expiresOn, markBefore(expiresOn, rule.expiring, releasedOn, day), day)
  if (expiring) return { kind: 'offer-expiring', offer, ...expiring }
  const pending = due(releasedOn, markAfter(releasedOn, rule.pending, day), day)
  return pending && { kind: 'acceptance-pending', offer, ...pending }
}

const ofAgreement = (agreement: RunningAgreement, rule: ReminderRule, { day }: Local): Reminder | undefined => {
  const { from, lastDay, renewsItself } = agreement
  const marks = renewsItself ? rule.renewing : endingMarks(rule.ending)
  const found = due(lastDay, markBefore(lastDay, marks, from, day), day)
  return found && { kind: renewsItself ? 'agreement-renewing' : 'agreement-ending', agreement, ...found }
}

const ofTerms = (plan: MissingTerms, rule: ReminderRule, { day, dayOf }: Local): Reminder | undefined => {
  const since = dayOf(plan.since)
  const found = due(since, markAfter(since, rule.terms, day), day)
  return found && { kind: 'terms-missing', plan, ...found }
}

/** The reminder whose day was reached last, if there is one. It stays the same until the next one: its key tells whether it was made. */
export const reminderOf = (subject: Subject, rule: ReminderRule, local: Local): Reminder | undefined => {
  if ('offer' in subject) return ofOffer(subject.offer, rule, local)
  return 'agreement' in subject ? ofAgreement(subject.agreement, rule, local) : ofTerms(subject.plan, rule, local)
}

export type About = { type: 'offer' | 'agreement' | 'terms'; id: string }

/** What a reminder is about, by its id in Cosell. */
export const aboutOf = (subject: Subject): About => {
  if ('offer' in subject) return { type: 'offer', id: subject.offer.id }
  if ('plan' in subject) return { type: 'terms', id: planKey(subject.plan) }
  const { marketplace, id } = subject.agreement
  return { type: 'agreement', id: `${marketplace}:${id}` }
}

/** Whose matter it is; undefined: only the vendor's. */
export const partnerOf = (subject: Subject): string | undefined => {
  if ('offer' in subject) return subject.offer.partnerId
  return 'agreement' in subject ? subject.agreement.partnerId : undefined
}

/** Equal for equal reminders, for ever: the same day of the same series. An extended offer or a renewed term is another series. */
export const keyOf = (reminder: Reminder): string => {
  const { type, id } = aboutOf(reminder)
  return [reminder.kind, type, id, reminder.on, reminder.mark].join('|')
}
