import type { AgreementReminder, OfferReminder, Reminder, TermsReminder } from './reminder.ts'

// The mails, all in one place: what is the matter, until when, what to do, and which ids to look for.

export type Audience = 'partner' | 'managers'
type Words = {
  title: string
  matter: string
  todo: Record<Audience, string>
  lines: [label: string, value: string | undefined][]
}

const MARKETPLACE = { aws: 'AWS Marketplace', azure: 'Azure Marketplace' }

const before = (days: number) => (days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`)
const since = (days: number) => (days === 1 ? 'yesterday' : `${days} days ago`)
const plain = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()

const offerLines = ({ offer }: OfferReminder): Words['lines'] => [
  ['To accept', offer.acceptanceLink],
  ['Offer', offer.id],
  [MARKETPLACE[offer.marketplace], offer.externalId],
  ['Customer', offer.accountId],
  ['Partner', offer.partnerId],
]

const acceptancePending = (reminder: OfferReminder): Words => {
  const { offer, days, on } = reminder
  const name = plain(offer.name)
  return {
    title: `"${name}" still waits for acceptance`,
    matter: `The private offer "${name}" was released on ${on}, ${since(days)}, and the customer has not accepted it. It can be accepted until ${offer.expiresOn}.`,
    todo: {
      partner: 'send the customer the link below and ask whether anything is missing.',
      managers: 'ask the partner whether the customer has the link and what holds it up.',
    },
    lines: offerLines(reminder),
  }
}

const offerExpiring = (reminder: OfferReminder): Words => {
  const { offer, days, on } = reminder
  const name = plain(offer.name)
  return {
    title: `"${name}" can be accepted until ${on} (${before(days)})`,
    matter: `The private offer "${name}" has not been accepted. Its last day is ${on}, ${before(days)}; after that it cannot be accepted any more.`,
    todo: {
      partner: 'ask the customer to accept by that day. If that is too early, request another offer with a later date.',
      managers: 'decide with the partner whether the customer will accept by that day or needs another offer.',
    },
    lines: offerLines(reminder),
  }
}

const agreementLines = ({ agreement }: AgreementReminder): Words['lines'] => [
  ['Agreement', agreement.id],
  ['Marketplace', MARKETPLACE[agreement.marketplace]],
  ['Product', agreement.productId],
  ['Offer', agreement.offerId],
  ['Customer', agreement.accountId],
  ['Partner', agreement.partnerId],
]

const agreementEnding = (reminder: AgreementReminder): Words => {
  const { agreement, days, on } = reminder
  return {
    title: `The agreement with ${agreement.accountId} ends on ${on} (${before(days)})`,
    matter: `The agreement ${agreement.id} with ${agreement.accountId}, in force since ${agreement.from}, has its last day on ${on}, ${before(days)}. It does not renew by itself.`,
    todo: {
      partner: 'talk to the customer about the next term and request a private offer for it in time.',
      managers: 'make sure that somebody talks to the customer about the next term.',
    },
    lines: agreementLines(reminder),
  }
}

const agreementRenewing = (reminder: AgreementReminder): Words => {
  const { agreement, days, on } = reminder
  return {
    title: `The agreement with ${agreement.accountId} renews by itself after ${on} (${before(days)})`,
    matter: `The term of the agreement ${agreement.id} with ${agreement.accountId} has its last day on ${on}, ${before(days)}. Then another term begins by itself.`,
    todo: {
      partner: 'ask the customer whether anything should change, and request a private offer before that day if so.',
      managers: 'check that the contract shall go on as it is; what should change must be offered before that day.',
    },
    lines: agreementLines(reminder),
  }
}

const termsMissing = ({ plan, days, on }: TermsReminder): Words => {
  const todo =
    'let the buyer accept them in the Azure portal, or accept them on its behalf (POST /v1/terms/acceptances), then check again.'
  return {
    title: `Terms of the plan ${plain(plan.planId)} are not accepted`,
    matter: `The legal terms of the Azure plan "${plain(plan.planId)}" were found not to be accepted on ${on}, ${since(days)}. Until they are, the buyer's subscription cannot deploy it.`,
    todo: { partner: todo, managers: todo },
    lines: [
      ['Azure subscription', plan.subscriptionId],
      ['Publisher', plain(plan.publisherId)],
      ['Product', plain(plan.productId)],
      ['Plan', plain(plan.planId)],
    ],
  }
}

const wordsOf = (reminder: Reminder): Words => {
  switch (reminder.kind) {
    case 'acceptance-pending':
      return acceptancePending(reminder)
    case 'offer-expiring':
      return offerExpiring(reminder)
    case 'agreement-ending':
      return agreementEnding(reminder)
    case 'agreement-renewing':
      return agreementRenewing(reminder)
    case 'terms-missing':
      return termsMissing(reminder)
  }
}

/** The mail: its subject in one line, and its text. */
export const textOf = (reminder: Reminder, audience: Audience): { title: string; text: string } => {
  const { title, matter, todo, lines } = wordsOf(reminder)
  const known = lines.flatMap(([label, value]) => (value ? [`${label}: ${value}`] : []))
  return { title, text: [matter, '', `What to do: ${todo[audience]}`, '', ...known, ''].join('\n') }
}
