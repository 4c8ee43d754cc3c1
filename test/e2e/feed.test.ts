import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DomainEvent } from '../../events/index.ts'
import { startTwin, type TestTwin } from '../support/twin.ts'

let twin: TestTwin
beforeAll(async () => {
  twin = await startTwin()
})
afterAll(() => twin.stop())

type Page = { items: DomainEvent[]; cursor: string; upToDate: boolean }

const feedFrom = async (cursor?: string) => {
  const items: DomainEvent[] = []
  for (let at = cursor; ; ) {
    const page = (await twin.as({ role: 'platform' }).get(`/events?limit=3${at ? `&cursor=${at}` : ''}`)) as Page
    items.push(...page.items)
    at = page.cursor
    if (page.upToDate) return { items, cursor: page.cursor }
  }
}

/** What happened to one partner, in the order of its feed. */
const of = (items: DomainEvent[], id: unknown) =>
  items.filter(({ subject }) => subject === id).map(({ type, data }) => [type, data])

it('the feed has each event once and those of a thing in their order, also when the service is killed in between', async () => {
  const manager = twin.as({ role: 'manager' })
  const ids: unknown[] = []
  for (const name of ['Northwind', 'Contoso', 'Fabrikam']) {
    const { id } = await manager.post('/partners', { name, type: 'reseller' })
    ids.push(id)
    for (const milestone of ['agreement-signed', 'onboarding-complete'])
      await manager.post(`/partners/${id}/milestones`, { milestone, on: '2026-01-01' })
    await twin.kill()
    await twin.restart()
  }
  await twin.twin('settle')
  const { items, cursor } = await feedFrom()
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
  for (const id of ids)
    expect(of(items, id).map(([type, data]) => [type, Object(data).milestone])).toEqual([
      ['partner.registered.v1', undefined],
      ['partner.milestone-reached.v1', 'joined'],
      ['partner.milestone-reached.v1', 'agreement-signed'],
      ['partner.milestone-reached.v1', 'onboarding-complete'],
    ])
  expect(await feedFrom()).toEqual({ items, cursor })
  await manager.post(`/partners/${ids[0]}/hold`, { reason: 'a question is open' })
  await twin.twin('settle')
  expect((await feedFrom(cursor)).items.map(({ type }) => type)).toEqual(['partner.held.v1'])
})
