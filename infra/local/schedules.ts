import { functions } from '../service.ts'
import type { Trigger } from '../service-types.ts'
import type { Invoke } from './invoke.ts'
import type { Shelf } from './marketplaces/stand-in.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** The next run after an instant. Of cron the service uses `m h * * ? *` (daily) and `m h d * ? *` (monthly, on a day). */
export const nextRun = (every: Extract<Trigger, { kind: 'schedule' }>['every'], after: Date): Date => {
  if ('minutes' in every) return new Date(after.getTime() + every.minutes * MINUTE_MS)
  const [minute = '0', hour = '0', day = '*'] = every.cron.split(' ')
  const time = Number(hour) * 60 * MINUTE_MS + Number(minute) * MINUTE_MS
  const midnight = Math.floor(after.getTime() / DAY_MS) * DAY_MS
  for (let days = 0; ; days++) {
    const run = new Date(midnight + days * DAY_MS + time)
    if (run > after && (day === '*' || Number(day) === run.getUTCDate())) return run
  }
}

/** The service's schedules by the twin's clock. After a jump of the clock a schedule that was due many times runs once. */
export const openSchedules = (invoke: Invoke, shelf: Shelf, now: () => Date) => {
  const schedules = Object.entries(functions).flatMap(([name, { triggers }]) =>
    triggers.flatMap((trigger) => (trigger.kind === 'schedule' ? [{ name, every: trigger.every }] : [])),
  )
  const due = new Map<string, Date>()

  const poll = async (): Promise<number> => {
    let ran = 0
    for (const { name, every } of schedules) {
      const last = due.get(name) ?? new Date((await shelf.get<string>('schedule', name)) ?? 0)
      if (last > now()) continue
      ran++
      const event = {
        version: '0',
        'detail-type': 'Scheduled Event',
        source: 'aws.scheduler',
        time: now().toISOString(),
        detail: {},
      }
      await invoke(name, event).catch((error: unknown) =>
        console.error(JSON.stringify({ level: 'error', message: `${name} failed`, error: String(error) })),
      )
      const next = nextRun(every, now())
      due.set(name, next)
      await shelf.put('schedule', name, next.toISOString())
    }
    return ran
  }
  return { name: 'schedules', poll }
}
