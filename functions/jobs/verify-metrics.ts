import type { Context as LambdaContext, ScheduledEvent, SQSEvent } from 'aws-lambda'
import { VerificationWork } from '../../events/verification.ts'
import { queue } from '../../lib/runtime/batch.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { detailOf } from '../../lib/runtime/message.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { askForNightly } from '../../lib/verification/commands.ts'
import { runVerification } from '../../lib/verification/run.ts'
import { openVerification } from '../bind/verification.ts'

const table = openTable(env('RECORDS_TABLE'))
const dependencies = openVerification(table, openTable(env('METRICS_TABLE')), env('REPORTING_CURRENCY'))
const run = runVerification(dependencies)
const ask = askForNightly(dependencies)

const runAsked = queue(
  async (body) => void (await run(detailOf(VerificationWork, body), newContext('event'))),
  deadLetterBox(table),
)

/** The schedule only asks, so that each step is a message that is repeated alone when it fails. */
export const handler = async (event: SQSEvent | ScheduledEvent, lambda: LambdaContext) =>
  'Records' in event ? runAsked(event, lambda) : ask(newContext('schedule'))
