import type { Context as LambdaContext } from 'aws-lambda'
import type { Context } from '../core/context.ts'
import { isCode } from '../core/errors.ts'
import type { DeadLetters } from './batch.ts'
import { newContext } from './context.ts'
import { log } from './log.ts'

const RESERVE_MS = 10_000

export type JobRun = {
  context: () => Context
  isOver: () => boolean
  onError: (error: unknown, id: string) => Promise<void>
}

/**
 * A scheduled run that stops in time, so long before its end as a step of it may take. What fails in it is logged; what is not just out of
 * reach is kept as a dead letter of `name`.
 */
export const job =
  (name: string, deadLetters: DeadLetters, work: (run: JobRun) => Promise<void>, reserveMs = RESERVE_MS) =>
  async (_: unknown, lambda: LambdaContext) => {
    await work({
      context: () => newContext('schedule'),
      isOver: () => lambda.getRemainingTimeInMillis() < reserveMs,
      onError: async (error, id) => {
        log.error(`${name} passes over one until the next run`, error, { id })
        if (isCode(error, 'unavailable') || isCode(error, 'stale_version')) return
        await deadLetters.keep({
          queue: name,
          messageId: id,
          body: id,
          reason: error instanceof Error ? error.message : String(error),
        })
      },
    })
  }
