import {
  DescribeAgreementCommand,
  type DescribeAgreementOutput,
  MarketplaceAgreementClient,
  paginateGetAgreementTerms,
  paginateListAgreementInvoiceLineItems,
  paginateListBillingAdjustmentRequests,
} from '@aws-sdk/client-marketplace-agreement'
import type { AgreementSource } from '../source.ts'
import { ask, askAll, MARKETPLACE_REGION } from './calls.ts'
import { isCredit } from './invoices.ts'
import { searchAgreements } from './search.ts'
import { type Answers, isEndedEarly, snapshotOf } from './snapshot.ts'
import { told } from './told.ts'

const collect = async <Item>(items: AsyncIterable<Item> | Item[]): Promise<Item[]> => {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** Only the search tells when an agreement changed, and the search knows an agreement by its chain. */
const lastUpdateOf = async (client: MarketplaceAgreementClient, agreement: DescribeAgreementOutput) => {
  const chain = searchAgreements(client, 'InitialAgreementId', told(agreement.initialAgreementId, 'initialAgreementId'))
  for await (const { agreementId, lastUpdateTime } of chain) if (agreementId === agreement.agreementId) return lastUpdateTime
  return undefined
}

const readAnswers = async (client: MarketplaceAgreementClient, agreementId: string): Promise<Answers> => {
  const paging = { client, pageSize: 50 }
  const terms = paginateGetAgreementTerms(paging, { agreementId })
  const lines = paginateListAgreementInvoiceLineItems(paging, { agreementId, groupBy: 'INVOICE_ID' })
  const [agreement, acceptedTerms, invoices] = await Promise.all([
    ask('DescribeAgreement', () => client.send(new DescribeAgreementCommand({ agreementId }))),
    collect(askAll('GetAgreementTerms', terms, (page) => page.acceptedTerms)),
    collect(askAll('ListAgreementInvoiceLineItems', lines, (page) => page.agreementInvoiceLineItemGroupSummaries)),
  ])
  const requests = paginateListBillingAdjustmentRequests(paging, { agreementId })
  const adjustments = invoices.some(isCredit) ? askAll('ListBillingAdjustmentRequests', requests, (page) => page.items) : []
  const endedAt = isEndedEarly(agreement) ? await lastUpdateOf(client, agreement) : undefined
  return { agreement, terms: acceptedTerms, invoices, adjustments: await collect(adjustments), endedAt }
}

/** The filter takes whole seconds only and leaves out what changed in that very second: so one second earlier. */
const justBefore = (instant: string) => {
  const second = Math.floor(Date.parse(instant) / 1000) - 1
  return new Date(second * 1000).toISOString().replace('.000Z', 'Z')
}

const changedIds = async function* (client: MarketplaceAgreementClient, instant: string) {
  for await (const { agreementId } of searchAgreements(client, 'AfterLastUpdateTime', justBefore(instant)))
    yield told(agreementId, 'agreementId')
}

/** The agreements of the seller's AWS account. */
export const awsAgreements = ({ now }: { now: () => Date }): AgreementSource => {
  const client = new MarketplaceAgreementClient({ region: MARKETPLACE_REGION })
  return {
    read: async (id) => snapshotOf(await readAnswers(client, id), now()),
    changedSince: (instant) => changedIds(client, instant),
  }
}
