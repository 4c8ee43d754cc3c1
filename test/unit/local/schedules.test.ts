import { describe, expect, it } from 'vitest'
import { nextRun, openSchedules } from '../../../infra/local/schedules.ts'
import { testWorld } from '../../support/world.ts'

describe('nextRun', () => {
  it.each([
    [{ minutes: 1 }, '2026-10-31T23:59:30Z', '2026-11-01T00:00:30.000Z'],
    [{ cron: '0 4 * * ? *' }, '2026-10-31T03:59:00Z', '2026-10-31T04:00:00.000Z'],
    [{ cron: '0 4 * * ? *' }, '2026-10-31T04:00:00Z', '2026-11-01T04:00:00.000Z'],
    [{ cron: '30 5 2 * ? *' }, '2026-10-03T00:00:00Z', '2026-11-02T05:30:00.000Z'],
  ])('of %j after %s is %s', (every, after, expected) => {
    expect(nextRun(every, new Date(after)).toISOString()).toBe(expected)
  })
})

describe('openSchedules', () => {
  it('runs every schedule once after a jump of the clock, however often it was due, and not again before its time', async () => {
    const { world, advance } = testWorld()
    const ran: string[] = []
    const invoke = async (name: string) => void ran.push(name)
    const schedules = openSchedules(invoke, world.shelf, world.now)
    await schedules.poll()
    const all = [...ran]
    advance(86_400 * 3)
    await schedules.poll()
    await schedules.poll()
    expect(all.length).toBeGreaterThan(2)
    expect(ran).toEqual([...all, ...all])
  })

  it('knows after a restart what has run', async () => {
    const { world } = testWorld()
    const ran: string[] = []
    await openSchedules(async () => {}, world.shelf, world.now).poll()
    await openSchedules(async (name) => void ran.push(name), world.shelf, world.now).poll()
    expect(ran).toEqual([])
  })
})
