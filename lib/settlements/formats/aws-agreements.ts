import { idOrNone } from '../field.ts'
import { awsFeed } from './aws-feed.ts'

// What an agreement is worth is read from AWS itself. The feed tells of the agreements that Cosell has not read which offer they are of
// and who accepted them.

export const agreementKey = (agreementId: string) => `aws:agreement:${agreementId}`

export const awsAgreements = awsFeed({
  kind: 'aws-agreements',
  keys: ['agreement_id'],
  required: ['proposer_account_id', 'acceptor_account_id'],
  optional: ['offer_id', 'status'],
  ignored: [
    ...['offer_revision_at_acceptance', 'acceptance_time', 'start_time', 'end_time', 'intent', 'preceding_agreement_id'],
    ...['status_reason_code', 'estimated_agreement_value', 'currency_code', 'offer_set_id', 'agreement_revision'],
  ],
  typeOf: (field) => `agreement ${field('status')}`.trim(),
  linksOf: ({ field, statedAt, isGone }) => {
    const told = (name: string) => (isGone ? '' : idOrNone(field(name)))
    const key = agreementKey(field('agreement_id'))
    return [{ key, statedAt, offerId: told('offer_id'), acceptorId: told('acceptor_account_id') }]
  },
})
