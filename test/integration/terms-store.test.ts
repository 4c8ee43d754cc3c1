import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTables } from '../../infra/local/dynamodb.ts'
import type { Actor } from '../../lib/core/context.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { acceptTerms, checkTerms, listEvidence } from '../../lib/terms/commands.ts'
import { termsStore } from '../../lib/terms/store.ts'
import { azureAdapter, VM_PLAN as PLAN } from '../support/azure-adapter.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'

const { azure, ordering } = azureAdapter()
const mia: Actor = { subject: 'mia', role: 'manager', scopes: [] }
let engine: TestEngine

beforeAll(async () => {
  engine = await openEngine()
  await createTables()
})
afterAll(() => engine.stop())

it('the evidence of a subscription is kept and listed in pages, newest first', async () => {
  const dependencies = { store: termsStore(openTable('records')), ordering: ordering() }
  const first = await checkTerms(dependencies)(mia, PLAN, newContext())
  azure().advance(60)
  const second = await acceptTerms(dependencies)(mia, { ...PLAN, reason: 'asked by Fabrikam' }, newContext())
  azure().advance(60)
  const third = await checkTerms(dependencies)(mia, PLAN, newContext())
  expect([first, second, third].map(({ kind, accepted, at }) => ({ kind, accepted, at }))).toEqual([
    { kind: 'check', accepted: false, at: '2026-11-02T09:00:00.000Z' },
    { kind: 'acceptance', accepted: true, at: '2026-11-02T09:01:00.000Z' },
    { kind: 'check', accepted: true, at: '2026-11-02T09:02:00.000Z' },
  ])

  const list = (cursor?: string) =>
    listEvidence(dependencies)(mia, { subscriptionId: PLAN.subscriptionId, limit: 2, ...(cursor && { cursor }) })
  const page = await list()
  expect(page.items).toEqual([third, second])
  expect((await list(page.cursor)).items).toEqual([first])
})
