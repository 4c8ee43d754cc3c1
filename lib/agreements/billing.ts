import type { NewTransaction } from '../transactions/transaction.ts'
import type { AgreementSnapshot, Invoice } from './agreement.ts'
import { commonOf, keyOf, type Owner } from './owned.ts'

const scheduled = (agreement: AgreementSnapshot, owner: Owner): NewTransaction[] =>
  agreement.schedule.map(({ on, amount }) => ({
    ...commonOf(agreement, owner),
    providerKey: keyOf(agreement, 'scheduled', on),
    ledger: 'scheduled',
    kind: 'contract',
    amount,
    on,
  }))

const kindOf = ({ type, usage }: Invoice) => {
  if (type === 'credit') return 'credit'
  return usage ? 'usage' : 'contract'
}

const billed = (agreement: AgreementSnapshot, owner: Owner, idOf: (providerKey: string) => string): NewTransaction[] =>
  agreement.invoices.map((invoice: Invoice) => ({
    ...commonOf(agreement, owner),
    providerKey: keyOf(agreement, 'invoice', invoice.id),
    ledger: 'billed',
    kind: kindOf(invoice),
    amount: invoice.amount,
    on: invoice.issuedOn,
    ...(invoice.usage && { service: invoice.usage }),
    ...(invoice.corrects && { corrects: idOf(keyOf(agreement, 'invoice', invoice.corrects)) }),
  }))

/**
 * The rows that an agreement stands for beside its term: the installments as scheduled, invoices and credit memos as billed. The keys
 * are the marketplace's, so reading the agreement again makes the same rows. `idOf` makes ids of keys.
 */
export const transactionsOf = (
  agreement: AgreementSnapshot,
  owner: Owner,
  idOf: (providerKey: string) => string,
): NewTransaction[] => [...scheduled(agreement, owner), ...billed(agreement, owner, idOf)]
