import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../../events/index.ts'
import { receiveOperation } from '../../../lib/agreements/inbox.ts'
import { landPurchase } from '../../../lib/agreements/purchase.ts'
import { invalid, unavailable, unprocessable } from '../../../lib/core/errors.ts'
import { contextAt } from '../../support/offers.ts'
import { agreementOf } from './agreement.ts'

const openInbox = (parse: Parameters<typeof receiveOperation>[0]['parse']) => {
  const [events, letters]: [DomainEvent[], { queue: string; body: string; reason: string }[]] = [[], []]
  const feed = {
    add: async (given: DomainEvent[]) => {
      const fresh = given.filter(({ id }) => !events.some((event) => event.id === id))
      events.push(...fresh)
      return fresh.length
    },
  }
  const deadLetters = { keep: async (letter: (typeof letters)[number]) => void letters.push(letter) }
  return { events, letters, receive: (text: string) => receiveOperation({ parse, feed, deadLetters })(text, contextAt()) }
}

describe('an operation that the webhook tells', () => {
  const operation = { operationId: 'op-1', subscriptionId: 'sub-1', action: 'Renew' }

  it('is kept as an event, once, however often it comes', async () => {
    const inbox = openInbox(() => operation)
    await inbox.receive('{}')
    await inbox.receive('{}')
    expect(inbox.events).toHaveLength(1)
    expect(inbox.events[0]).toMatchObject({
      id: 'evt_azure_op-1',
      type: 'azure.operation-received.v1',
      subject: 'sub-1',
      data: operation,
    })
  })
  it('is kept with its reason where it makes no sense', async () => {
    const inbox = openInbox(() => {
      throw invalid('no operation', [{ target: 'action', message: 'is missing' }])
    })
    await inbox.receive('not this')
    expect(inbox.events).toEqual([])
    expect(inbox.letters).toMatchObject([{ queue: 'azure-webhook', body: 'not this', reason: 'action: is missing' }])
  })
  it('is sent again by the marketplace where we cannot keep it', async () => {
    const inbox = openInbox(() => {
      throw unavailable('no table')
    })
    await expect(inbox.receive('{}')).rejects.toThrow('no table')
    expect(inbox.letters).toEqual([])
  })
})

describe('a buyer who lands', () => {
  const openDesk = (status: 'pending' | 'active' | 'ended', sync: () => Promise<unknown> = async () => undefined) => {
    const done: string[] = []
    const desk = {
      fulfilment: {
        resolve: async (token: string) => ({ subscriptionId: `sub-of-${token}`, planId: 'gold' }),
        read: async (id: string) => agreementOf({ marketplace: 'azure', id, status }),
        activate: async (id: string, planId: string) => void done.push(`activate ${id} ${planId}`),
      },
      sync: async (id: string) => {
        done.push(`sync ${id}`)
        await sync()
        return agreementOf()
      },
      onError: (_: unknown, id: string) => void done.push(`error of ${id}`),
    }
    return { done, land: () => landPurchase(desk)('token', contextAt()) }
  }

  it('has the subscription activated, then taken into the books', async () => {
    const { done, land } = openDesk('pending')
    expect(await land()).toEqual({ subscriptionId: 'sub-of-token', status: 'active' })
    expect(done).toEqual(['activate sub-of-token gold', 'sync sub-of-token'])
  })
  it('a second time activates nothing', async () => {
    const { done, land } = openDesk('active')
    expect(await land()).toEqual({ subscriptionId: 'sub-of-token', status: 'active' })
    expect(done).toEqual(['sync sub-of-token'])
  })
  it('after the end is told to buy again', async () => {
    const { done, land } = openDesk('ended')
    await expect(land()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('buy it again') })
    expect(done).toEqual([])
  })
  it('is not troubled by books that cannot follow', async () => {
    const { done, land } = openDesk('pending', async () => {
      throw unprocessable('unknown buyer', [])
    })
    expect(await land()).toMatchObject({ status: 'active' })
    expect(done.at(-1)).toBe('error of sub-of-token')
  })
})
