import { accountStore } from '../../lib/accounts/store.ts'
import * as commands from '../../lib/commitments/commands.ts'
import { contract } from '../../lib/commitments/contract.ts'
import { DrawdownRule } from '../../lib/commitments/drawdown.ts'
import { reportCommitments } from '../../lib/commitments/read.ts'
import { commitmentStore } from '../../lib/commitments/store.ts'
import { offerStore } from '../../lib/offers/store.ts'
import { rateStore } from '../../lib/rates/store.ts'
import { env } from '../../lib/runtime/env.ts'
import { api, type Handlers } from '../../lib/runtime/http.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { transactionStore } from '../../lib/transactions/store.ts'

const table = openTable(env('RECORDS_TABLE'))
const store = commitmentStore(table)
const desk = { store, accounts: accountStore(table) }
const books = { store, transactions: transactionStore(table), offers: offerStore(table), rates: rateStore(table) }
const report = reportCommitments({ ...books, rule: DrawdownRule.parse(JSON.parse(env('DRAWDOWN_RULE'))) })

const handlers: Handlers<typeof contract> = {
  recordCommitment: ({ actor, body, context }) => commands.recordCommitment(desk)(actor, body, context),
  listCommitments: ({ actor, query }) => commands.listCommitments(desk)(actor, query),
  reportCommitments: ({ actor, query, context }) => report(actor, query, context),
  getCommitment: ({ actor, path }) => commands.getCommitment(desk)(actor, path.commitmentId),
  changeCommitment: ({ actor, path, body, expected, context }) =>
    commands.changeCommitment(desk)(actor, path.commitmentId, body, expected, context),
  endCommitment: ({ actor, path, body, expected, context }) =>
    commands.endCommitment(desk)(actor, path.commitmentId, body, expected, context),
}

export const handler = api(contract, handlers, table)
