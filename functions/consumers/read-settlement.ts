import { queue } from '../../lib/runtime/batch.ts'
import { openBlobs } from '../../lib/runtime/blobs.ts'
import { contentFrom } from '../../lib/runtime/content.ts'
import { newContext } from '../../lib/runtime/context.ts'
import { deadLetterBox } from '../../lib/runtime/dead-letters.ts'
import { env } from '../../lib/runtime/env.ts'
import { bodyOf } from '../../lib/runtime/message.ts'
import { openTable } from '../../lib/runtime/table.ts'
import { messagesIn } from '../../lib/settlements/message.ts'
import { readFurther, readUpload } from '../../lib/settlements/read.ts'
import { SettlementRule } from '../../lib/settlements/rule.ts'
import { openSettlements } from '../bind/settlements.ts'

/** For the last lines that are begun and for saying where to go on. */
const RESERVE_MS = 60_000

const table = openTable(env('RECORDS_TABLE'))
const { open: openBytes, put } = openBlobs(env('SETTLEMENTS_BUCKET'))
const open = (key: string, from: number, etag: string) => contentFrom((offset) => openBytes(key, offset, etag), from)
const rule = SettlementRule.parse(JSON.parse(env('SETTLEMENT_RULE')))
const reader = { ...openSettlements(table), open, put, rule }

export const handler = queue(async (body, lambda) => {
  const run = { context: () => newContext('event'), isOver: () => lambda.getRemainingTimeInMillis() < RESERVE_MS }
  for (const message of messagesIn(bodyOf(body))) {
    if (message.kind === 'uploaded') await readUpload(reader)(message.settlementId, message.etag, run)
    else await readFurther(reader)(message.settlementId, message.run, run)
  }
}, deadLetterBox(table))
