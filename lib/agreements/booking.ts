import type { Offer } from '../offers/offer.ts'
import type { NewTransaction } from '../transactions/transaction.ts'
import type { AgreementSnapshot, Invoice } from './agreement.ts'

/** Whose agreement it is in Cosell's words. */
export type Owner = { accountId: string; offer?: Offer }

/** What every row of the books of an agreement says of it. */
export type Owned = Pick<NewTransaction, 'accountId' | 'productId' | 'marketplace' | 'agreementId' | 'partnerId' | 'offerId'>

export const commonOf = (agreement: AgreementSnapshot, { accountId, offer }: Owner): Owned => ({
  accountId,
  // Marketplaces name a product otherwise in an offer than in a purchase: the offer's name holds.
  productId: offer?.productId ?? agreement.productId,
  marketplace: agreement.marketplace,
  agreementId: agreement.id,
  ...(offer && { partnerId: offer.partnerId, offerId: offer.id }),
})

const keyOf = ({ marketplace, id }: AgreementSnapshot, ...rest: string[]) => [marketplace, id, ...rest].join(':')

const booked = (agreement: AgreementSnapshot, owner: Owner): NewTransaction[] => {
  const { service, acceptedAt } = agreement
  const amount = agreement.value ?? owner.offer?.price
  if (!service || !amount?.amount) return []
  const providerKey = keyOf(agreement, 'booked', service.from)
  // What a term is worth is booked when it is agreed; a later term of the same agreement (a renewal) when it starts.
  const acceptedOn = acceptedAt.slice(0, 10)
  const on = agreement.marketplace === 'azure' ? service.from : acceptedOn
  return [{ ...commonOf(agreement, owner), providerKey, ledger: 'booked', kind: 'contract', amount, on, service }]
}

const scheduled = (agreement: AgreementSnapshot, owner: Owner): NewTransaction[] =>
  agreement.schedule.map(({ on, amount }) => ({
    ...commonOf(agreement, owner),
    providerKey: keyOf(agreement, 'scheduled', on),
    ledger: 'scheduled',
    kind: 'contract',
    amount,
    on,
  }))

const billed = (agreement: AgreementSnapshot, owner: Owner, idOf: (providerKey: string) => string): NewTransaction[] =>
  agreement.invoices.map((invoice: Invoice) => ({
    ...commonOf(agreement, owner),
    providerKey: keyOf(agreement, 'invoice', invoice.id),
    ledger: 'billed',
    kind: invoice.type === 'invoice' ? 'contract' : 'credit',
    amount: invoice.amount,
    on: invoice.issuedOn,
    ...(invoice.corrects && { corrects: idOf(keyOf(agreement, 'invoice', invoice.corrects)) }),
  }))

/**
 * The rows of the books that an agreement stands for: the term once as booked, the installments as scheduled, invoices and credit
 * memos as billed. The keys are the marketplace's, so reading the agreement again makes the same rows. `idOf` makes ids of keys.
 */
export const transactionsOf = (
  agreement: AgreementSnapshot,
  owner: Owner,
  idOf: (providerKey: string) => string,
): NewTransaction[] => [...booked(agreement, owner), ...scheduled(agreement, owner), ...billed(agreement, owner, idOf)]
