import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { isCode, ServiceError } from '../../lib/core/errors.ts'
import { contract } from '../../lib/offers/contract.ts'
import { fileOf } from './arguments.ts'
import { type Call, connect } from './client.ts'
import { command, type Output, writeAll } from './command.ts'
import { type Grant, grantOf, jsonIn, TARGET, TARGET_HELP, type Target, targetOf } from './target.ts'

type Request = { file: string; grant: Grant; target: Target }

const HELP = `cosell plan OFFER.json [--role manager | --role partner --partner ID] [--url URL] [--token TOKEN]

Shows the exact request that the marketplace would get, and every problem with it; nothing is sent there.
The request goes to stdout, problems as "target: message" to stderr; the exit code is 1 when there are any.
${TARGET_HELP}`

const readOffer = async (file: string): Promise<unknown> => {
  const offer = jsonIn(await readFile(file, 'utf8'))
  if (offer === undefined) throw new ServiceError('invalid_request', `${file}: is not JSON`)
  return offer
}

const planOf = (call: Call, file: string, body: unknown) =>
  call(contract.planRequest, { body }).catch((error: unknown) => {
    if (!isCode(error, 'invalid_request')) throw error
    throw new ServiceError('invalid_request', `${file}: ${error.message}`, { details: error.details })
  })

const run = async ({ file, grant, target }: Request, { stdout, stderr }: Output): Promise<number> => {
  const offer = await readOffer(file)
  const { request, problems } = await planOf(await connect(target, grant), file, offer)
  await writeAll(stdout, `${JSON.stringify(request, null, 2)}\n`)
  await writeAll(stderr, problems.map(({ target, message }) => `${target}: ${message}\n`).join(''))
  return problems.length > 0 ? 1 : 0
}

/** `cosell plan`: a dry run of an offer. */
export const planCommand = command({
  help: HELP,
  requestOf: (args): Request => {
    const options = { ...TARGET, role: { type: 'string', default: 'manager' }, partner: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    const file = fileOf(positionals, 'cosell plan OFFER.json')
    return { file, grant: grantOf(values.role, values.partner), target: targetOf(values) }
  },
  run,
})
