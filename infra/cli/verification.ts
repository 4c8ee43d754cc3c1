import { setTimeout as pause } from 'node:timers/promises'
import { unavailable } from '../../lib/core/errors.ts'
import { contract } from '../../lib/verification/contract.ts'
import type { Level, Verification } from '../../lib/verification/verification.ts'
import type { Call } from './client.ts'

const AGAIN_MS = 500

/** Waits until a verification, or its repair, is at its end. */
const ended = async (call: Call, id: string, seconds: number, isAtEnd: (it: Verification) => boolean): Promise<Verification> => {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const verification = await call(contract.getVerification, { path: { verificationId: id } })
    if (isAtEnd(verification)) return verification
    if (performance.now() >= end)
      throw unavailable(`${id} is ${verification.status} after ${seconds} seconds: give it more with --wait, or look again later`)
    await pause(AGAIN_MS)
  }
}

/** Lets the service compare its numbers with its events. */
export const verify = async (call: Call, level: Level, seconds: number): Promise<Verification> => {
  const { id } = await call(contract.requestVerification, { body: { level } })
  return ended(call, id, seconds, ({ endedAt }) => endedAt !== undefined)
}

/** Lets the service repair what a verification found. */
export const repair = async (call: Call, id: string, reason: string, seconds: number): Promise<Verification> => {
  await call(contract.repairVerification, { path: { verificationId: id }, body: { reason } })
  return ended(call, id, seconds, ({ status }) => status === 'repaired')
}

const comparedText = ({ compared }: Verification) => {
  if (!compared) return 'nothing was compared'
  const { cells, rows, events } = compared
  return `${cells} sums of ${rows} rows${events === undefined ? '' : ` and ${events} events`}`
}

const cellText = ({ family, year, cell, scope, live, batch, moving, changed }: Verification['firstCells'][number]) =>
  `${family} ${year ? `${year}-` : ''}${cell} ${scope}: ${live} / ${batch}${moving || changed ? ' (it changes: verify again)' : ''}`

const more = (count: number, listed: readonly unknown[], what: string) =>
  count > listed.length ? [`… and ${count - listed.length} more ${what}`] : []

/** What a verification says, line by line. */
export const describeVerification = (verification: Verification): string => {
  const { id, status, reason, cells, firstCells, facts, firstFacts, repair } = verification
  const lines = [
    `${id} ${status}: ${reason ?? comparedText(verification)}`,
    ...firstCells.map(cellText),
    ...more(cells, firstCells, 'cells'),
    ...firstFacts.map(({ row, problem, eventId = '' }) => `${row}: ${problem} ${eventId}`.trimEnd()),
    ...more(facts, firstFacts, 'facts'),
    ...(repair?.endedAt
      ? [
          `repaired by ${repair.by} (${repair.reason}): ${repair.cells} cells, ${repair.events} events; ${repair.left} cells left alone`,
        ]
      : []),
  ]
  return `${lines.join('\n')}\n`
}
