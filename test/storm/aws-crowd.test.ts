import { expect, it } from 'vitest'
import type { Marketplace } from '../../lib/offers/marketplace.ts'
import { awsOffer } from '../unit/offers/aws-offer.ts'
import { openAws } from './aws-world.ts'
import { openDesk } from './desk.ts'

it('more offers than AWS Marketplace takes at once are sent in turn, each once, so that none is refused', async () => {
  const offers = Array.from({ length: 45 }, (_, index) => awsOffer({ id: `off_${index}` }))
  const aws = await openAws()
  let starts = 0
  const send: Marketplace['send'] = (offer) => {
    starts++
    return aws.marketplace.send(offer)
  }
  const desk = openDesk({ ...aws, marketplace: { ...aws.marketplace, send } }, offers)
  try {
    const released: number[] = []
    for (let turn = 0; turn < 20; turn++) {
      await desk.followAll()
      await aws.pass(60)
      released.push((await aws.listed()).filter(({ state }) => state === 'Released').length)
    }
    const steps = released.map((count, turn) => count - (released[turn - 1] ?? 0))
    expect(Math.max(...steps)).toBe(20)
    expect(released.at(-1)).toBe(45)
    expect(starts).toBe(45)
    const ours = await Promise.all(offers.map(({ id }) => desk.store.get(id)))
    expect(new Set(ours.map(({ externalId }) => externalId)).size).toBe(45)
    expect(ours.every(({ status }) => status === 'released')).toBe(true)
  } finally {
    await aws.close()
  }
})
