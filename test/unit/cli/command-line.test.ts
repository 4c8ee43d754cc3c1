import { describe, expect, it, test } from 'vitest'
import { targetOf } from '../../../infra/cli/target.ts'
import { loopback, run } from './loopback.ts'

const COMMANDS = ['token', 'ingest', 'metrics', 'verify', 'report', 'export', 'plan']

describe('cosell', () => {
  it('lists its commands on --help, and without a command as a mistake', async () => {
    const help = await run('--help')
    expect([help.code, help.err]).toEqual([0, ''])
    for (const name of COMMANDS) expect(help.out).toMatch(new RegExp(`^  ${name} `, 'm'))
    expect(await run()).toEqual({ code: 2, out: '', err: `Which command?\n\n${help.out}` })
  })
  it.each(['rewind', 'constructor'])('refuses the unknown command %s', async (name) => {
    const { code, out, err } = await run(name)
    expect([code, out, err.split('\n')[0]]).toEqual([2, '', `There is no command ${name}.`])
  })
  it.each(COMMANDS)('explains %s on --help', async (name) => {
    const { code, out, err } = await run(name, '--help')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(new RegExp(`^cosell ${name} `))
  })
  test.each([
    ['token', '--role is missing'],
    ['token --role boss', '--role boss: one of partner, manager, finance, platform'],
    ['token --role partner', '--partner ID belongs to --role partner'],
    ['token --role finance --partner p', '--partner ID belongs to --role partner'],
    ['ingest', 'the file is missing'],
    ['ingest a b', 'one file at a time: b'],
    ['ingest a --nonsense', '--nonsense'],
    ['ingest a --url localhost', '--url localhost: an address'],
    ['metrics', '--from is missing'],
    ['verify --level all', '--level all: sums or rows'],
    ['replay', '--reason is missing'],
    ['verify --from f --wait soon', '--wait soon: whole seconds'],
    ['verify --from f --period 2026', '--period 2026: a month'],
    ['export', '--period is missing'],
    ['export --period 2026-13', '--period 2026-13: a month'],
    ['export --period 2026-01 --format xls', '--format xls: one of csv, parquet, both'],
    ['plan', 'the file is missing'],
    ['plan offer.json --role boss', '--role boss'],
  ])('refuses %s', async (line, message) => {
    const [name = '', ...args] = line.split(' ')
    const { code, out, err } = await run(name, ...args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(message)
    expect(err).toContain(`\ncosell ${name} `)
  })
})

describe('the service that is called', () => {
  it('is that of --url, else of COSELL_URL, else the twin', () => {
    const env = { COSELL_URL: 'https://one.example/', COSELL_TOKEN: 'kept' }
    expect(targetOf({}, {})).toEqual({ url: 'http://127.0.0.1:8787', token: undefined })
    expect(targetOf({}, env)).toEqual({ url: 'https://one.example', token: 'kept' })
    expect(targetOf({ url: 'http://two.example/base', token: 'mine' }, env)).toEqual({
      url: 'http://two.example/base',
      token: 'mine',
    })
  })
  it.each([
    ['token', '--role', 'finance'],
    ['export', '--period', '2026-01'],
    ['export', '--period', '2026-01', '--token', 'x'],
  ])('is asked for where nothing answers: %s %s %s %s', async (...args) => {
    const { url, close } = await loopback()
    await close()
    const message = `nothing answers at ${url}: start the twin with npm start, or name your service with --url\n`
    expect(await run(...args, '--url', url)).toEqual({ code: 1, out: '', err: message })
  })
})

describe('cosell token', () => {
  it('prints the token of the twin alone', async () => {
    const { url, asked } = await loopback()
    const { code, out, err } = await run('token', '--role', 'partner', '--partner', 'p-1', '--subject', 'ann', '--url', url)
    const grant = { role: 'partner', partnerId: 'p-1', subject: 'ann' }
    expect([code, out, err]).toEqual([0, `token of ${JSON.stringify(grant)}\n`, ''])
    expect(asked.map(({ body }) => body)).toEqual([grant])
  })
  it('says where to take one when the service is no twin', async () => {
    const { url } = await loopback(() => ({ status: 404, body: { message: 'Not Found' } }))
    const { code, err } = await run('token', '--role', 'manager', '--url', `${url}/stage`)
    expect([code, err]).toEqual([1, `${url}/stage is no twin and gives out no tokens: name one with --token or COSELL_TOKEN\n`])
  })
})
