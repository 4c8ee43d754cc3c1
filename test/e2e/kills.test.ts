import { describe, expect, it } from 'vitest'
import type { Client } from '../../infra/local/client.ts'
import { play } from '../support/journey.ts'
import type { TestTwin } from '../support/twin.ts'

/** A client under which the service dies in the midst of every sixth advance of the clock, a little later each time. */
const deadly = (twin: TestTwin): Client => {
  let calls = 0
  const dying = async (path: string, body: unknown) => {
    const going = twin.twin(path, body).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, calls * 4))
    await twin.kill()
    await going
    await twin.restart()
    return twin.twin(path, body)
  }
  return { ...twin, twin: (path, body) => (path === 'clock' && ++calls % 6 === 0 ? dying(path, body) : twin.twin(path, body)) }
}

describe('the journeys from a request to finance', () => {
  it('come to the same when the service is killed before every step and in the midst of its work', async () => {
    const restart = async (twin: TestTwin) => {
      await twin.kill()
      await twin.restart()
    }
    const calm = await play()
    expect(await play({ before: restart, client: deadly })).toEqual(calm)
  }, 240_000)
})
