import { parseArgs } from 'node:util'
import type { Verification } from '../../lib/verification/verification.ts'
import { refuse, secondsOf } from './arguments.ts'
import { type Call, connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'
import { describeVerification, repair, verify } from './verification.ts'

type Request = { reason: string; wait: number; target: Target }

const HELP = `cosell replay --reason TEXT [--wait 900] [--url URL] [--token TOKEN]

Makes what is derived from events anew: takes every event into its row that is not there as it should be, drops what no event
tells, and corrects the sums; until a comparison of everything finds no difference. Numbers are served all the while, and none is
wiped first: a service that lost its table of metrics is filled again.
  --reason TEXT  why; it is kept with each repair
  --wait 900     how many seconds each comparison and each repair may take
${TARGET_HELP}`

/** After a repair of rows the sums follow by themselves: one more round at most, unless it is very busy. */
const MOST_ROUNDS = 5

const replay = async (call: Call, { reason, wait }: Request, tell: (verification: Verification) => Promise<void>) => {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const verification = await verify(call, 'rows', wait)
    await tell(verification)
    if (verification.status !== 'different') return verification.status === 'equal' ? 0 : 1
    await tell(await repair(call, verification.id, reason, wait))
  }
  return 1
}

const run = async (request: Request, { stdout }: Output): Promise<number> => {
  const call = await connect(request.target, { role: 'platform' })
  return replay(call, request, (verification) => writeAll(stdout, describeVerification(verification)))
}

/** `cosell replay`: makes rows and sums of the service anew from its events. */
export const replayCommand = command({
  help: HELP,
  requestOf: (args): Request => {
    const options = { ...TARGET, reason: { type: 'string' }, wait: { type: 'string', default: '900' } } as const
    const { values } = parseArgs({ args, options })
    const { reason = refuse('--reason is missing: why, in some words'), wait } = values
    return { reason, wait: secondsOf('--wait', wait), target: targetOf(values) }
  },
  run,
})
