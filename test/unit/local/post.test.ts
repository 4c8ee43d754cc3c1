import { describe, expect, it } from 'vitest'
import type { Fault } from '../../../infra/local/marketplaces/faults.ts'
import { openPost } from '../../../infra/local/post.ts'
import { testWorld } from '../../support/world.ts'

const open = (answers: number[] = []) => {
  const { world, advance } = testWorld()
  const delivered: unknown[] = []
  const post = openPost(world.shelf, world.faults, world.now, async ({ body }) => {
    const status = answers.shift() ?? 200
    if (status < 500) delivered.push(body['n'])
    return status
  })
  const send = (n: number) => post.send({ channel: 'azure.webhook', headers: {}, body: { n } })
  const fault = (kind: Fault['kind'], more: Partial<Fault> = {}) =>
    world.faults.add({ target: 'azure.webhook', kind, times: 1, status: 500, seconds: 60, ...more })
  return { post, send, fault, advance, delivered }
}

describe('the post of the marketplaces', () => {
  it('delivers messages in the order in which they were sent', async () => {
    const { post, send, delivered } = open()
    await send(1)
    await send(2)
    await post.poll()
    expect(delivered).toEqual([1, 2])
  })

  it('loses a message on request', async () => {
    const { post, send, fault, delivered } = open()
    fault('drop')
    await send(1)
    await send(2)
    await post.poll()
    expect(delivered).toEqual([2])
  })

  it('delivers a message twice on request', async () => {
    const { post, send, fault, delivered } = open()
    fault('duplicate')
    await send(1)
    await post.poll()
    expect(delivered).toEqual([1, 1])
  })

  it('delivers a message late on request', async () => {
    const { post, send, fault, advance, delivered } = open()
    fault('delay', { seconds: 120 })
    await send(1)
    await post.poll()
    expect(delivered).toEqual([])
    advance(121)
    await post.poll()
    expect(delivered).toEqual([1])
  })

  it('delivers a message after the next one on request', async () => {
    const { post, send, fault, advance, delivered } = open()
    fault('reorder')
    await send(1)
    await send(2)
    await post.poll()
    advance(2)
    await post.poll()
    expect(delivered).toEqual([2, 1])
  })

  it('keeps a message that the service could not take, and tries again', async () => {
    const { post, send, advance, delivered } = open([503, 500])
    await send(1)
    await post.poll()
    advance(61)
    await post.poll()
    expect(delivered).toEqual([])
    advance(61)
    await post.poll()
    expect(delivered).toEqual([1])
  })
})
