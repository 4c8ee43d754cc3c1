import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTables } from '../../infra/local/dynamodb.ts'
import type { Role } from '../../lib/core/context.ts'
import { listDeadLetters, redriveDeadLetter } from '../../lib/feed/commands.ts'
import type { DeadLetter } from '../../lib/feed/dead-letter.ts'
import { feedStore } from '../../lib/feed/store.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { openEngine, type TestEngine } from '../support/engine.ts'
import { contextAt } from '../support/offers.ts'

let engine: TestEngine
let table: ReturnType<typeof openTable>
beforeAll(async () => {
  engine = await openEngine()
  await createTables()
  table = openTable('records')
})
afterAll(() => engine.stop())

const actor = (role: Role) => ({ subject: 'pat', role, scopes: [] })
const NOW = '2027-01-01T08:00:00.000Z'

/** Letters of a queue of its own for each test; `sent` is what went to the queues again. */
const stage = (queue: string) => {
  const sent: DeadLetter[] = []
  const store = feedStore(table)
  const redrive = (
    id: string,
    role: Role = 'platform',
    resend = async (letter: DeadLetter): Promise<void> => void sent.push(letter),
    now = NOW,
  ) => redriveDeadLetter({ store, resend })(actor(role), id, contextAt(now))
  const list = async () => (await listDeadLetters({ store })(actor('manager'), { queue, limit: 10 })).items
  const give = (messageId: string, reason = 'odd', isMessage = true) =>
    deadLetterBox(table).keep({ queue, messageId, body: '{"odd":1}', reason, ...(isMessage && { isMessage: true }) })
  return { sent, redrive, list, give }
}

describe('a dead letter', () => {
  it('is sent to its queue again once, and tells who did it and when', async () => {
    const { sent, redrive, list, give } = stage('payments')
    await give('m.1')
    const [open] = await list()
    expect(open).toMatchObject({ id: 'payments.m.1', queue: 'payments', messageId: 'm.1', state: 'open', refusals: 1 })
    const told = { id: 'payments.m.1', state: 'redriven', redrivenAt: NOW, redrivenBy: 'pat', reason: 'odd' }
    expect(await redrive('payments.m.1')).toMatchObject(told)
    expect(await redrive('payments.m.1')).toMatchObject(told)
    expect(sent).toMatchObject([{ queue: 'payments', messageId: 'm.1', body: '{"odd":1}' }])
    expect(await list()).toMatchObject([told])
  })

  it('is open again when it fails again, and can be sent once more', async () => {
    const { sent, redrive, list, give } = stage('exports')
    await give('m1')
    await redrive('exports.m1')
    await give('m1', 'still odd')
    expect(await list()).toMatchObject([{ state: 'open', reason: 'still odd', refusals: 2, redrivenBy: 'pat' }])
    await redrive('exports.m1')
    expect([sent.length, (await list())[0]?.state]).toEqual([2, 'redriven'])
  })

  it('that failed again before its sending was noted stays open', async () => {
    const { redrive, list, give } = stage('settlements')
    await give('m1')
    await redrive('settlements.m1', 'platform', () => give('m1', 'at once'))
    expect(await list()).toMatchObject([{ state: 'open', reason: 'at once', refusals: 2 }])
  })

  it('whose message was lost with its handler can be sent again after as long as all its tries take', async () => {
    const { sent, redrive, give } = stage('azure-submissions')
    await give('m1')
    const again = (now: string) => redrive('azure-submissions.m1', 'platform', async (letter) => void sent.push(letter), now)
    for (const now of [NOW, '2027-01-01T09:15:00.000Z', '2027-01-01T09:15:01.000Z']) await again(now)
    expect(sent).toHaveLength(2)
  })

  it('that could not be sent stays open', async () => {
    const { redrive, list, give } = stage('messages')
    await give('m1')
    await expect(redrive('messages.m1', 'platform', () => Promise.reject(new Error('no queue')))).rejects.toThrow('no queue')
    expect(await list()).toMatchObject([{ state: 'open' }])
  })

  it('that came through no queue is not sent, but the caller told why', async () => {
    const { sent, redrive, give } = stage('reconcile-aws')
    await give('agmt-1', 'odd', false)
    const refusal = { code: 'conflict', message: expect.stringContaining('came through no queue') }
    await expect(redrive('reconcile-aws.agmt-1')).rejects.toMatchObject(refusal)
    expect(sent).toEqual([])
  })

  it.each(['payments.unknown', 'unknown', 'unknown.m1', '.'])('of which nobody knows is not found: %s', async (id) => {
    await expect(stage('payments').redrive(id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it.each(['partner', 'manager', 'finance'] as const)('is not for a %s to send', async (role) => {
    const { sent, redrive, give } = stage('azure-operations')
    await give('m1')
    await expect(redrive('azure-operations.m1', role)).rejects.toMatchObject({ code: 'forbidden' })
    expect(sent).toEqual([])
  })
})
