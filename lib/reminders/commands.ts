import type { RunningAgreement } from '../agreements/running.ts'
import type { Context } from '../core/context.ts'
import { isCode } from '../core/errors.ts'
import type { Page, PageQuery } from '../core/page.ts'
import { addDays } from '../core/period.ts'
import type { Offer, OfferStatus } from '../offers/offer.ts'
import type { Draft, Message } from '../outbox/message.ts'
import { type Messaging, type Receiver, receiversOf } from '../outbox/receiver.ts'
import type { Partner } from '../partners/partner.ts'
import { missingTerms, planKey } from '../terms/missing.ts'
import type { Evidence } from '../terms/terms.ts'
import { draftOf } from './draft.ts'
import { aboutOf, morningOf, partnerOf, reminderOf, type Subject } from './reminder.ts'
import { endingMarks, type ReminderRule } from './rule.ts'

export type Sources = {
  offers: { list: (query: PageQuery & { status: OfferStatus }) => Promise<Page<Offer>>; get: (id: string) => Promise<Offer> }
  agreements: {
    ending: (from: string, to: string) => AsyncIterable<RunningAgreement>
    running: (marketplace: RunningAgreement['marketplace'], id: string) => Promise<RunningAgreement | undefined>
  }
  terms: { all: () => AsyncIterable<Evidence> }
}

export type Dependencies = Sources & {
  partners: { get: (id: string) => Promise<Partner> }
  /** Puts a message into the outbox; one that is there already stays as it is. */
  queue: (draft: Draft, context: Context) => Promise<void>
  rule: ReminderRule
  messaging: Messaging
}

const releasedOffers = async function* ({ offers }: Sources): AsyncIterable<Subject> {
  let cursor: string | undefined
  do {
    const page = await offers.list({ status: 'released', limit: 100, cursor })
    for (const offer of page.items) yield { offer }
    cursor = page.cursor
  } while (cursor)
}

/** A day more on both sides: it is not the same day everywhere. */
const endingAgreements = async function* ({ agreements, rule }: Dependencies, now: string): AsyncIterable<Subject> {
  const today = now.slice(0, 10)
  const marks = [...endingMarks(rule.ending), ...rule.renewing]
  for await (const agreement of agreements.ending(addDays(today, -1), addDays(today, Math.max(0, ...marks) + 1)))
    yield { agreement }
}

const plansWithoutTerms = async ({ terms }: Sources): Promise<Subject[]> =>
  missingTerms(await Array.fromAsync(terms.all())).map((plan) => ({ plan }))

const subjects = async function* (dependencies: Dependencies, now: string): AsyncIterable<Subject> {
  yield* releasedOffers(dependencies)
  yield* endingAgreements(dependencies, now)
  yield* await plansWithoutTerms(dependencies)
}

/** A partner is read once a run; one that is not there has no mail. */
const partnersOf = ({ partners }: Dependencies) => {
  const known = new Map<string, Promise<Partner | undefined>>()
  const read = (id: string) =>
    partners.get(id).catch((error: unknown) => {
      if (isCode(error, 'not_found')) return undefined
      throw error
    })
  return async (id: string | undefined) => {
    if (!id) return undefined
    const found = known.get(id) ?? read(id)
    known.set(id, found)
    return found
  }
}

const remindOf = async ({ queue, rule }: Dependencies, subject: Subject, receivers: Receiver[], context: Context) => {
  for (const receiver of receivers) {
    const local = morningOf(context.now, receiver.timeZone)
    const reminder = local && reminderOf(subject, rule, local)
    if (reminder) await queue(draftOf(reminder, receiver), context)
  }
}

type Run = { context: () => Context; isOver: () => boolean; onError: (error: unknown, id: string) => Promise<void> }

/** Puts into the outbox what everyone is to be reminded of this morning. One that fails does not hold up the others. */
export const remindAll =
  (dependencies: Dependencies) =>
  async ({ context, isOver, onError }: Run): Promise<void> => {
    const partner = partnersOf(dependencies)
    for await (const subject of subjects(dependencies, context().now)) {
      if (isOver()) return
      const remind = async () => {
        const receivers = receiversOf(await partner(partnerOf(subject)), dependencies.messaging)
        await remindOf(dependencies, subject, receivers, context())
      }
      await remind().catch((error: unknown) => onError(error, aboutOf(subject).id))
    }
  }

type About = Pick<Message, 'about' | 'on'>

const holdsOfOffer = async ({ offers }: Sources, { about, on }: About, kind: string) => {
  const { status, expiresOn } = await offers.get(about.id)
  return status === 'released' && (kind !== 'offer-expiring' || expiresOn === on)
}

const holdsOfAgreement = async ({ agreements }: Sources, { about, on }: About) => {
  const [marketplace = '', ...id] = about.id.split(':')
  const running = await agreements.running(marketplace === 'aws' ? 'aws' : 'azure', id.join(':'))
  return running?.lastDay === on
}

/** Whether a message still says what is so: an offer may be accepted, an agreement renewed between queueing and sending. */
export const stillHolds =
  (sources: Sources) =>
  async ({ kind, about, on }: Pick<Message, 'kind' | 'about' | 'on'>): Promise<boolean> => {
    if (about.type === 'offer') return holdsOfOffer(sources, { about, on }, kind)
    if (about.type === 'agreement') return holdsOfAgreement(sources, { about, on })
    return missingTerms(await Array.fromAsync(sources.terms.all())).some((plan) => planKey(plan) === about.id)
  }
