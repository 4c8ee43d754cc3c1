import { failedOf, streamReaders, UNDELIVERED, UNSTARTED } from './dead-letters.ts'
import { functions, service } from './service.ts'
import type { Pattern } from './service-types.ts'

// What operators are rung for. Each `entry` stands in the runbook of the README: what it means, what to look at, what to do.

/** What an alarm looks at; `of` is a queue or a function by its name. */
export type Watched =
  /** Anything that lies in a queue. */
  | { kind: 'waiting'; of: string }
  /** The oldest message of a queue, or the oldest record that a stream's function has not handled. */
  | { kind: 'age' | 'lag'; of: string; minutes: number }
  /** No good run of a function for so long. */
  | { kind: 'quiet'; of: string; minutes: number }
  /** A run that failed in all the tries that Lambda gives it. */
  | { kind: 'lost'; of: string }
  /** More of the error budget than `spent` gone within so many hours. */
  | { kind: 'budget'; of: string; spent: number; hours: number }
export type AlarmSpec = Watched & { entry: string; says: string }

/** How many of the API's answers must be none of 5xx, over thirty days. */
const OBJECTIVE = { share: 0.999, days: 30 }

/**
 * The share of 5xx above which a part of the error budget is spent within some hours: a burn rate, as Google's Site Reliability
 * Workbook has them (chapter 5).
 */
export const burning = ({ spent, hours }: { spent: number; hours: number }) =>
  ((spent * OBJECTIVE.days * 24) / hours) * (1 - OBJECTIVE.share)

// Besides the time that a batch may take.
const MAX_LAG_MINUTES = 5
const lagOf = (reader: string) => MAX_LAG_MINUTES + (functions[reader]?.timeoutSeconds ?? 0) / 60
// Longer than any batch waits, shorter than three tries of the slowest consumer.
const MAX_AGE_MINUTES = 30
const QUIET_RUNS = 4
const MIN_QUIET_MINUTES = 15

const deadLetters = (entry: string, of: string, says: string): AlarmSpec => ({ entry, kind: 'waiting', of, says })

const ofQueues = Object.keys(service.queues).flatMap((queue): AlarmSpec[] => [
  deadLetters('message-failed', failedOf(queue), `Messages of the queue ${queue} failed in every try and wait for somebody`),
  {
    entry: 'queue-behind',
    kind: 'age',
    of: queue,
    minutes: MAX_AGE_MINUTES,
    says: `Messages wait too long in the queue ${queue}`,
  },
])

const ofStreams = streamReaders.flatMap((reader): AlarmSpec[] => [
  deadLetters('record-failed', failedOf(reader), `${reader} gave up records of its stream, which its numbers now lack`),
  {
    entry: 'stream-behind',
    kind: 'lag',
    of: reader,
    minutes: lagOf(reader),
    says: `${reader} is behind its stream, its numbers are out of date`,
  },
])

const isAsking = (job: string) => /^jobs\/(follow|reconcile)-(aws|azure)/.test(job)

const ofSchedules = Object.entries(functions).flatMap(([job, { triggers }]) =>
  triggers.flatMap((trigger): AlarmSpec[] => {
    if (trigger.kind !== 'schedule') return []
    if ('cron' in trigger.every)
      return [{ entry: 'run-lost', kind: 'lost', of: job, says: `A run of ${job} failed in every try` }]
    const minutes = Math.max(MIN_QUIET_MINUTES, QUIET_RUNS * trigger.every.minutes)
    const entry = isAsking(job) ? 'reconcile-behind' : 'job-quiet'
    return [{ entry, kind: 'quiet', of: job, minutes, says: `${job} had no good run for ${minutes} minutes` }]
  }),
)

export const alarms: AlarmSpec[] = [
  {
    entry: 'api-errors',
    kind: 'budget',
    of: 'fast',
    spent: 0.02,
    hours: 1,
    says: "An hour of errors took 2 % of the month's error budget",
  },
  {
    entry: 'api-errors',
    kind: 'budget',
    of: 'slow',
    spent: 0.05,
    hours: 6,
    says: "Six hours of errors took 5 % of the month's error budget",
  },
  ...ofQueues,
  ...ofStreams,
  ...ofSchedules,
  deadLetters('undelivered', UNDELIVERED, 'A rule could not bring an event to its queue or topic'),
  deadLetters('unstarted', UNSTARTED, 'A schedule could not start its function'),
]

export const hubAlarm = deadLetters('undelivered', `hub-${UNDELIVERED}`, 'An event of AWS Marketplace did not reach a region')

/** What of the bus operators are told at once, as it is. */
export const toldAtOnce: { entry: string; pattern: Pattern }[] = [
  {
    entry: 'metrics-differ',
    pattern: { source: ['cosell'], 'detail-type': ['metrics.differed.v1', 'metrics.verification-failed.v1'] },
  },
]

export const entries = new Set([...alarms, ...toldAtOnce].map(({ entry }) => entry))
