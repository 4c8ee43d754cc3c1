import { expect, it } from 'vitest'
import type { Reminder } from '../../../lib/reminders/reminder.ts'
import { textOf } from '../../../lib/reminders/text.ts'
import { missingTerms } from '../../../lib/terms/missing.ts'
import { evidence, released, running } from './setting.ts'

const LINK = 'https://aws.amazon.com/marketplace/saas/ordering?offerId=offer-1'
const offer = released({ acceptanceLink: LINK })
const [plan] = missingTerms([evidence()])

const OFFER_LINES = `To accept: ${LINK}
Offer: off_1
AWS Marketplace: offer-1
Customer: acc_1
Partner: par_1
`
const AGREEMENT_LINES = `Agreement: agmt-1
Marketplace: AWS Marketplace
Product: prod-cosell0ledger
Offer: off_1
Customer: acc_1
Partner: par_1
`

it.each<[Reminder, 'partner' | 'managers', string]>([
  [
    { kind: 'acceptance-pending', offer, on: '2026-11-02', mark: 3, days: 3 },
    'partner',
    `"Ledger for Fabrikam" still waits for acceptance

The private offer "Ledger for Fabrikam" was released on 2026-11-02, 3 days ago, and the customer has not accepted it. It can be accepted until 2026-12-15.

What to do: send the customer the link below and ask whether anything is missing.

${OFFER_LINES}`,
  ],
  [
    { kind: 'offer-expiring', offer, on: '2026-12-15', mark: 1, days: 1 },
    'managers',
    `"Ledger for Fabrikam" can be accepted until 2026-12-15 (tomorrow)

The private offer "Ledger for Fabrikam" has not been accepted. Its last day is 2026-12-15, tomorrow; after that it cannot be accepted any more.

What to do: decide with the partner whether the customer will accept by that day or needs another offer.

${OFFER_LINES}`,
  ],
  [
    { kind: 'agreement-ending', agreement: running(), on: '2026-12-31', mark: 90, days: 90 },
    'partner',
    `The agreement with acc_1 ends on 2026-12-31 (in 90 days)

The agreement agmt-1 with acc_1, in force since 2026-01-01, has its last day on 2026-12-31, in 90 days. It does not renew by itself.

What to do: talk to the customer about the next term and request a private offer for it in time.

${AGREEMENT_LINES}`,
  ],
  [
    { kind: 'agreement-renewing', agreement: running({ renewsItself: true }), on: '2026-12-31', mark: 30, days: 0 },
    'managers',
    `The agreement with acc_1 renews by itself after 2026-12-31 (today)

The term of the agreement agmt-1 with acc_1 has its last day on 2026-12-31, today. Then another term begins by itself.

What to do: check that the contract shall go on as it is; what should change must be offered before that day.

${AGREEMENT_LINES}`,
  ],
  [
    { kind: 'terms-missing', plan: plan ?? { ...evidence(), since: '' }, on: '2026-11-02', mark: 1, days: 1 },
    'managers',
    `Terms of the plan pro are not accepted

The legal terms of the Azure plan "pro" were found not to be accepted on 2026-11-02, yesterday. Until they are, the buyer's subscription cannot deploy it.

What to do: let the buyer accept them in the Azure portal, or accept them on its behalf (POST /v1/terms/acceptances), then check again.

Azure subscription: e0000000-0000-4000-8000-000000000001
Publisher: contoso
Product: contoso-appliance
Plan: pro
`,
  ],
])('$kind reads well', (reminder, audience, mail) => {
  const { title, text } = textOf(reminder, audience)
  expect(`${title}\n\n${text}`).toBe(mail)
})

it('the subject is one line, whatever the offer is called, and what is not known is left out', () => {
  const named = { ...offer, name: 'Seats\r\nBcc: all@example.test\u202e', acceptanceLink: undefined }
  const { title, text } = textOf(
    { kind: 'offer-expiring', offer: named as typeof offer, on: '2026-12-15', mark: 7, days: 7 },
    'partner',
  )
  expect(title).toBe('"Seats Bcc: all@example.test" can be accepted until 2026-12-15 (in 7 days)')
  expect(text).not.toContain('To accept')
})
