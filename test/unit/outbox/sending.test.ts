import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Dependencies, sendMessage, sendWaiting } from '../../../lib/outbox/commands.ts'
import type { Message } from '../../../lib/outbox/message.ts'
import { MAX_TRIES, type Outcome, pauseAfter } from '../../../lib/outbox/sending.ts'
import { contextAt, NOW } from '../../support/offers.ts'
import { memoryOutbox, messageOf } from './outbox.ts'

const MINUTE_MS = 60_000
const died = () => {
  throw new Error('the process ended')
}

/** An outbox with one message, a sender that ends as it is told, and a clock. */
const openDesk = (outcomes: (Outcome | 'dies' | 'dies after')[], changes: Partial<Message> = {}) => {
  const message = messageOf(changes)
  const { store, events, messages } = memoryOutbox(message)
  let now = Date.parse(NOW)
  let held = true
  const [sent, letters] = [[] as string[], [] as string[]]
  const way = async ({ id }: Message): Promise<Outcome> => {
    const outcome = outcomes.shift() ?? { sent: 'ses-1' }
    if (outcome === 'dies') return died()
    if (outcome === 'dies after' || 'sent' in outcome || 'unsure' in outcome) sent.push(id)
    return outcome === 'dies after' ? died() : outcome
  }
  const dependencies: Dependencies = {
    store,
    holds: async () => held,
    ways: { email: way, webhook: way },
    deadLetters: { keep: async ({ reason }) => void letters.push(reason) },
  }
  const context = () => contextAt(new Date(now).toISOString())
  return {
    dependencies,
    sent,
    letters,
    events,
    message: () => messages.get(message.id) ?? message,
    send: () => sendMessage(dependencies)(message.id, context),
    /** What the schedule does, in the twin's words every quarter of an hour for so many hours. */
    pass: async (hours: number) => {
      for (let n = 0; n < hours * 4; n++) {
        now += 15 * MINUTE_MS
        await sendWaiting(dependencies)({ context, isOver: () => false, onError: async () => {} })
      }
    },
    noLonger: () => {
      held = false
    },
  }
}

describe('a message', () => {
  it('is sent and noted, and a repeat does nothing', async () => {
    const desk = openDesk([])
    await desk.send()
    await desk.send()
    await desk.pass(48)
    expect(desk.sent).toHaveLength(1)
    expect(desk.message()).toMatchObject({ state: 'sent', tries: 1, sentAt: NOW, providerId: 'ses-1', open: false })
    expect(desk.events).toEqual(['message.sent.v1'])
  })

  it('is sent once by two who come at the same moment', async () => {
    const desk = openDesk([])
    await Promise.all([desk.send(), desk.send()])
    expect(desk.sent).toHaveLength(1)
  })

  it('that cannot go now goes later, with longer and longer pauses', async () => {
    const desk = openDesk([{ later: 'busy' }, { later: 'busy' }])
    await desk.send()
    expect(desk.message()).toMatchObject({ state: 'queued', tries: 1, reason: 'busy', notBefore: '2026-11-02T09:15:00.000Z' })
    await desk.send()
    expect(desk.message().tries).toBe(1)
    await desk.pass(1)
    expect(desk.message()).toMatchObject({ state: 'sent', tries: 3, sentAt: '2026-11-02T09:45:00.000Z' })
    expect(desk.message()).not.toHaveProperty('reason')
  })

  it('is tried eight times in some twenty hours, then kept as failed with the last reason', async () => {
    const desk = openDesk(Array.from({ length: 20 }, () => ({ later: 'busy' })))
    await desk.send()
    await desk.pass(19)
    expect(desk.message().state).toBe('queued')
    await desk.pass(30)
    const reason = 'tried 8 times, last: busy'
    expect(desk.message()).toMatchObject({ state: 'failed', tries: MAX_TRIES, reason })
    expect([desk.letters, desk.events, desk.sent]).toEqual([[reason], ['message.failed.v1'], []])
  })

  it('that is refused is kept as failed at once', async () => {
    const desk = openDesk([{ refused: 'no such address' }])
    await desk.send()
    await desk.pass(24)
    expect(desk.message()).toMatchObject({ state: 'failed', tries: 1, reason: 'no such address' })
    expect(desk.letters).toEqual(['no such address'])
  })

  it('that became untrue while it waited is cancelled', async () => {
    const desk = openDesk([{ later: 'busy' }])
    await desk.send()
    desk.noLonger()
    await desk.pass(1)
    expect(desk.message()).toMatchObject({ state: 'cancelled', tries: 1 })
    expect([desk.sent, desk.events]).toEqual([[], ['message.cancelled.v1']])
  })
})

describe('a crash', () => {
  it('before the mail left costs a quarter of an hour and nothing else', async () => {
    const desk = openDesk(['dies'])
    await expect(desk.send()).rejects.toThrow('the process ended')
    await desk.send()
    expect(desk.message()).toMatchObject({ state: 'queued', open: true })
    await desk.pass(1)
    expect(desk.message()).toMatchObject({ state: 'sent', tries: 2 })
    expect(desk.sent).toHaveLength(1)
  })

  it('between sending and noting sends a mail twice at most', async () => {
    const desk = openDesk(['dies after', 'dies after', 'dies after'])
    await expect(desk.send()).rejects.toThrow('the process ended')
    await desk.pass(48)
    expect(desk.sent).toHaveLength(2)
    expect(desk.message()).toMatchObject({ state: 'failed', reason: expect.stringContaining('ask the receiver') })
  })

  it('does not hold back a webhook, whose receiver knows the id', async () => {
    const desk = openDesk(['dies after', { unsure: 'no answer' }, { unsure: 'no answer' }], { channel: 'webhook' })
    await expect(desk.send()).rejects.toThrow()
    await desk.pass(8)
    expect(new Set(desk.sent)).toEqual(new Set([desk.message().id]))
    expect(desk.message()).toMatchObject({ state: 'sent', tries: 4 })
  })

  it('between the dead letter and the state leaves the same letter twice and one state', async () => {
    const desk = openDesk([{ refused: 'no' }, { refused: 'no' }])
    const { save } = desk.dependencies.store
    let saves = 0
    desk.dependencies.store.save = async (...args) => (++saves === 2 ? died() : save(...args))
    await expect(desk.send()).rejects.toThrow('the process ended')
    await desk.pass(1)
    expect(desk.letters).toEqual(['no', 'no'])
    expect(desk.message()).toMatchObject({ state: 'failed', reason: 'no' })
  })
})

it('however tries end, a mail leaves at most twice and comes to an end within three days', async () => {
  const outcome = fc.constantFrom<Outcome | 'dies' | 'dies after'>(
    { sent: 'x' },
    { refused: 'no' },
    { later: 'busy' },
    { unsure: 'lost' },
    'dies',
    'dies after',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(outcome, { maxLength: 12 }), async (outcomes) => {
      const desk = openDesk(outcomes)
      await desk.send().catch(() => undefined)
      await desk.pass(72)
      expect(desk.sent.length).toBeLessThanOrEqual(2)
      expect(desk.message().state).not.toBe('queued')
      expect(desk.message().tries).toBeLessThanOrEqual(MAX_TRIES)
      expect(desk.events).toHaveLength(1)
    }),
  )
})

it('pauses double from a quarter of an hour up to six hours', () => {
  const minutes = [1, 2, 3, 4, 5, 6, 7].map((tries) => pauseAfter(tries) / MINUTE_MS)
  expect(minutes).toEqual([15, 30, 60, 120, 240, 360, 360])
})
