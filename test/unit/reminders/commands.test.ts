import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unavailable } from '../../../lib/core/errors.ts'
import type { Offer } from '../../../lib/offers/offer.ts'
import { stillHolds } from '../../../lib/reminders/commands.ts'
import { endingMarks } from '../../../lib/reminders/rule.ts'
import { evidence, MESSAGING, openDesk, partner, RULE, released, running } from './setting.ts'

const HOUR_MS = 3_600_000
const hour = (n: number) => new Date(Date.parse('2026-11-02T09:00:00Z') + n * HOUR_MS).toISOString()
const told = (desk: ReturnType<typeof openDesk>) =>
  desk.queued().map(({ at, to, kind, on }) => `${at.slice(0, 16)} ${to}: ${kind} ${on}`)

describe('the job', () => {
  it('reminds everyone in the morning of his own day', async () => {
    const desk = openDesk({ offers: [released()] })
    for (let n = 60; n < 90; n++) await desk.run(hour(n))
    expect(told(desk)).toEqual([
      '2026-11-05T07:00 managers: acceptance-pending 2026-11-02',
      '2026-11-05T08:00 webhook: acceptance-pending 2026-11-02',
      '2026-11-05T13:00 partner: acceptance-pending 2026-11-02',
    ])
  })

  it('sends only the nearest reminder after days without a run', async () => {
    const desk = openDesk({ agreements: [running()] })
    await desk.run('2026-12-22T18:00:00Z')
    await desk.run('2026-12-22T19:00:00Z')
    expect(desk.queued().map(({ to, title }) => `${to}: ${title}`)).toEqual([
      'partner: The agreement with acc_1 ends on 2026-12-31 (in 9 days)',
      'managers: The agreement with acc_1 ends on 2026-12-31 (in 9 days)',
      'webhook: The agreement with acc_1 ends on 2026-12-31 (in 9 days)',
    ])
  })

  it('writes to the vendor alone what is no matter of a partner, or of one without an address', async () => {
    const { partnerId: _, offerId: __, ...bought } = running()
    const desk = openDesk({ agreements: [bought], offers: [released({ partnerId: 'par_2' })], evidence: [evidence()] })
    desk.world.partners.push(partner({ id: 'par_2', contactEmail: undefined }))
    await desk.run('2026-12-22T18:00:00Z')
    await desk.run('2026-12-12T18:00:00Z')
    expect(new Set(desk.queued().map(({ to }) => to))).toEqual(new Set(['managers', 'webhook']))
    expect(new Set(desk.queued().map(({ kind }) => kind))).toEqual(
      new Set(['agreement-ending', 'offer-expiring', 'terms-missing']),
    )
  })

  it('writes no mail without a sender, and nothing at all without receivers', async () => {
    const { sender: _, ...silent } = MESSAGING
    const desk = openDesk({ offers: [released()] }, { messaging: silent })
    await desk.run('2026-11-05T18:00:00Z')
    expect(desk.queued().map(({ to }) => to)).toEqual(['webhook'])
    const nobody = openDesk({ offers: [released()] }, { messaging: { managers: { emails: [], timeZone: 'UTC' } } })
    await nobody.run('2026-11-05T18:00:00Z')
    expect(nobody.queued()).toEqual([])
  })

  it('takes a partner without a time zone for one in UTC', async () => {
    const desk = openDesk({ offers: [released()], partners: [partner({ timeZone: undefined })] })
    await desk.run('2026-11-05T07:59:00Z')
    expect(desk.queued().map(({ to }) => to)).toEqual(['managers'])
    await desk.run('2026-11-05T08:00:00Z')
    expect(desk.queued().map(({ to }) => to)).toEqual(['managers', 'partner', 'webhook'])
  })

  it('puts no address into what it queues', async () => {
    const desk = openDesk({ offers: [released()], agreements: [running()], evidence: [evidence()] })
    await desk.run('2026-12-14T18:00:00Z')
    expect(desk.queued().length).toBeGreaterThan(6)
    expect(JSON.stringify(desk.queued())).not.toContain('@')
  })

  it('goes on with the others where one fails', async () => {
    const offers = [released(), released({ id: 'off_2', partnerId: 'par_2' })]
    const desk = openDesk({ offers })
    const { get } = desk.dependencies.partners
    desk.dependencies.partners.get = async (id) => {
      if (id === 'par_1') throw unavailable('no answer')
      return get(id)
    }
    await desk.run('2026-11-05T18:00:00Z')
    expect(desk.errors).toEqual(['off_1'])
    expect(desk.queued().map(({ about }) => about.id)).toEqual(['off_2', 'off_2'])
  })
})

describe('whatever the runs of the job', () => {
  const { pending, expiring, ending, terms } = RULE
  const MARKS: Record<string, number> = {
    'acceptance-pending': pending.length,
    'offer-expiring': expiring.length,
    'agreement-ending': endingMarks(ending).length,
    'terms-missing': terms.length,
  }
  // Over three months, some of them doubled, late, out of order, or left out for weeks.
  const runs = fc.array(fc.integer({ min: 0, max: 24 * 90 }), { minLength: 1, maxLength: 60 })

  it('each mark is made at most once for each receiver, and no more than one a day', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (hours) => {
        const desk = openDesk({ offers: [released()], agreements: [running()], evidence: [evidence()] })
        for (const n of [...hours, ...hours]) await desk.run(hour(n))
        const series = Map.groupBy(desk.queued(), ({ to, kind }) => `${kind} ${to}`)
        for (const [name, made] of series) expect(made.length, name).toBeLessThanOrEqual(MARKS[made[0]?.kind ?? ''] ?? 0)
        const perDay = desk.queued().map(({ at, to, about }) => `${at.slice(0, 10)} ${to} ${about.id}`)
        if (hours.every((n, at) => n >= (hours[at - 1] ?? 0))) expect(new Set(perDay).size).toBe(perDay.length)
      }),
      { numRuns: 40 },
    )
  })

  it('nothing is made after acceptance, withdrawal, expiry, the end of an agreement or the acceptance of terms', async () => {
    const endings: Offer['status'][] = ['accepted', 'withdrawing', 'withdrawn', 'expired']
    await fc.assert(
      fc.asyncProperty(runs, fc.integer({ min: 0, max: 24 * 90 }), fc.constantFrom(...endings), async (hours, end, status) => {
        const desk = openDesk({ offers: [released()], agreements: [running()], evidence: [evidence()] })
        for (const n of hours.toSorted((a, b) => a - b)) {
          if (n >= end) {
            desk.world.offers = [released({ status })]
            desk.world.agreements = []
            desk.world.evidence = [evidence(), evidence({ accepted: true })]
          }
          await desk.run(hour(n))
        }
        expect(desk.queued().filter(({ at }) => at >= hour(end))).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})

describe('a reminder that waited', () => {
  const desk = openDesk({ offers: [released()], agreements: [running()], evidence: [evidence()] })
  const holds = stillHolds(desk.dependencies)
  const offer = { kind: 'offer-expiring', about: { type: 'offer' as const, id: 'off_1' }, on: '2026-12-15' }
  const agreement = { kind: 'agreement-ending', about: { type: 'agreement' as const, id: 'aws:agmt-1' }, on: '2026-12-31' }
  const terms = {
    kind: 'terms-missing',
    about: { type: 'terms' as const, id: 'e0000000-0000-4000-8000-000000000001/contoso/contoso-appliance/pro' },
    on: '2026-11-02',
  }

  it('holds while nothing happened', async () => {
    expect(await Promise.all([offer, agreement, terms].map(holds))).toEqual([true, true, true])
  })

  it.each([
    ['accepted', () => (desk.world.offers = [released({ status: 'accepted' })])],
    ['extended', () => (desk.world.offers = [released({ expiresOn: '2027-01-15' })])],
  ])('does not hold when the offer was %s', async (_, change) => {
    change()
    expect(await holds(offer)).toBe(false)
  })

  it('does not hold when the agreement ended or was renewed, or the terms were accepted', async () => {
    desk.world.agreements = [running({ lastDay: '2027-12-31' })]
    desk.world.evidence.push(evidence({ accepted: true }))
    expect(await Promise.all([agreement, terms].map(holds))).toEqual([false, false])
    desk.world.agreements = []
    expect(await holds(agreement)).toBe(false)
  })
})
