import { awsFeed } from './aws-feed.ts'

// Billing events name accounts by ids of the feeds alone. The account feed tells which AWS accounts those are.

export const accountKey = (accountId: string) => `aws:account:${accountId}`

/** Twelve digits. Zeros in front get lost where a file passed through a spreadsheet. */
const awsAccountOf = (text: string) => (/^\d{1,12}$/.test(text) ? text.padStart(12, '0') : '')

export const awsAccounts = awsFeed({
  kind: 'aws-accounts',
  keys: ['account_id'],
  required: ['aws_account_id', 'encrypted_account_id'],
  ignored: ['mailing_address_id', 'tax_address_id', 'tax_registration_number', 'tax_legal_name'],
  typeOf: () => 'account',
  linksOf: ({ field, statedAt, isGone }) => {
    const awsAccountId = isGone ? '' : awsAccountOf(field('aws_account_id'))
    return [{ key: accountKey(field('account_id')), statedAt, awsAccountId }]
  },
})
