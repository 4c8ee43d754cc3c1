import { DescribeAgreementCommand, SearchAgreementsCommand } from '@aws-sdk/client-marketplace-agreement'
import { expect, it } from 'vitest'
import { acceptOffer } from '../../infra/local/marketplaces/aws/agreements.ts'
import { Fault } from '../../infra/local/marketplaces/faults.ts'
import { BUYER, SCHEDULED } from '../support/aws-marketplace.ts'
import { market } from '../support/each-aws-marketplace.ts'

const offerOf = async (agreementId: string) =>
  (await market.agreement.send(new DescribeAgreementCommand({ agreementId }))).proposalSummary?.offerId
const foundBy = async (offerId: string) => {
  const filters = { PartyType: 'Proposer', AgreementType: 'PurchaseAgreement', OfferId: offerId }
  const named = Object.entries(filters).map(([name, value]) => ({ name, values: [value] }))
  const answer = await market.agreement.send(new SearchAgreementsCommand({ catalog: 'AWSMarketplace', filters: named }))
  return (answer.agreementViewSummaries ?? []).map(({ agreementId }) => agreementId)
}
const mistake = () => market.world.faults.add(Fault.parse({ target: 'aws.acceptances', kind: 'wrong-offer', seconds: 300 }))

it('an agreement names another offer of the buyer for as long as the fault says, wherever it is asked for', async () => {
  const [other, offer] = [await market.release(SCHEDULED), await market.release(SCHEDULED)]
  mistake()
  const { id } = await acceptOffer(market.world, offer, BUYER)
  expect([await offerOf(id), await foundBy(other), await foundBy(offer)]).toEqual([other, [id], []])
  await market.after(299)
  expect(await offerOf(id)).toBe(other)
  await market.after(1)
  expect([await offerOf(id), await foundBy(other), await foundBy(offer)]).toEqual([offer, [], [id]])
})

it('where the buyer has no other offer there is no mistake to make', async () => {
  const offer = await market.release(SCHEDULED)
  mistake()
  const { id } = await acceptOffer(market.world, offer, BUYER)
  expect(await offerOf(id)).toBe(offer)
})
