import { randomUUID } from 'node:crypto'
import { deliverToQueues } from './bus.ts'
import type { Faults } from './marketplaces/faults.ts'
import type { Message, Shelf } from './marketplaces/stand-in.ts'

type Letter = { id: string; order: number; dueAt: string; behindNext: boolean; message: Message; tries: number }

const REORDER_S = 600
const RETRY_S = 60
const MAX_TRIES = 500

/**
 * The way of the marketplaces' own messages to us: kept until they are delivered, and on request lost, doubled, late or out of order.
 * `webhook` posts to the service and returns the status.
 */
export const openPost = (
  shelf: Shelf,
  faults: Faults,
  now: () => Date,
  webhook: (message: Extract<Message, { channel: 'azure.webhook' }>) => Promise<number>,
) => {
  let order = Date.now() * 1000
  const after = (seconds: number) => new Date(now().getTime() + seconds * 1000).toISOString()

  const post = (message: Message, dueAt: string, behindNext = false) => {
    const letter: Letter = { id: randomUUID(), order: ++order, dueAt, behindNext, message, tries: 0 }
    return shelf.put('post', letter.id, letter)
  }

  const send = async (message: Message) => {
    const fault = faults.take(message.channel)
    for (const held of (await shelf.list<Letter>('post')).filter(
      (letter) => letter.behindNext && letter.message.channel === message.channel,
    ))
      await shelf.put('post', held.id, { ...held, behindNext: false, dueAt: after(1), order: order + 2 })
    if (fault?.kind === 'drop') return
    if (fault?.kind === 'delay') return post(message, after(fault.seconds))
    if (fault?.kind === 'reorder') return post(message, after(REORDER_S), true)
    await post(message, after(0))
    if (fault?.kind === 'duplicate') await post(message, after(0))
  }

  const deliver = async (letter: Letter) => {
    const { message } = letter
    if (message.channel === 'aws.events') return deliverToQueues(shelf, now, message.body)
    const status = await webhook(message).catch(() => 503)
    if (status >= 500 && letter.tries < MAX_TRIES) throw new Error(`the webhook answered ${status}`)
  }

  /** Delivers what is due, in order; returns how many letters left. */
  const poll = async (): Promise<number> => {
    const letters = await shelf.list<Letter>('post')
    const due = letters.filter(({ dueAt }) => dueAt <= now().toISOString()).toSorted((a, b) => a.order - b.order)
    for (const letter of due) {
      const failed = await deliver(letter).then(
        () => false,
        () => true,
      )
      if (failed) await shelf.put('post', letter.id, { ...letter, tries: letter.tries + 1, dueAt: after(RETRY_S) })
      else await shelf.remove('post', letter.id)
    }
    return due.length
  }
  return { name: 'post', send, poll }
}
