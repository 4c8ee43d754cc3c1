import type { MetricsDocument } from '../../lib/metrics/document.ts'
import { openClient } from './client.ts'
import { playStory } from './story/play.ts'

type Say = (line: string) => void
type Running = { url: string; exportsFolder: string }

const money = (minorUnits: string, currency: string) =>
  `${new Intl.NumberFormat('en-US', { minimumFractionDigits: 2 }).format(Number(minorUnits) / 100)} ${currency}`

const percent = (value: string | null) => (value === null ? '–' : `${(Number(value) * 100).toFixed(2)} %`)

/** The metrics of one month as lines of a table: what, who, value. */
const tableOf = ({ currency, nrr, revenue, revenueTotals, ttv, cac, ropi }: MetricsDocument): [string, string, string][] => [
  ...revenueTotals.map(({ total }): [string, string, string] => ['Revenue', 'all', money(total, currency)]),
  ...revenue.map(({ partnerId, sourced }): [string, string, string] => ['Sourced revenue', partnerId, money(sourced, currency)]),
  ...nrr
    .filter(({ window }) => window === 12)
    .map(({ partnerId, nrr, grr }): [string, string, string] => [
      'NRR / GRR, 12 months',
      partnerId,
      `${percent(nrr.value)} / ${percent(grr.value)}`,
    ]),
  ...ttv
    .filter(({ cohort }) => cohort === 'all')
    .map(({ n, events, median }): [string, string, string] => [
      'TTV, median',
      `${events} of ${n} partners`,
      median === null ? '–' : `${median} days`,
    ]),
  ...cac.map(({ partner, blended }): [string, string, string] => [
    'CAC, partner / blended',
    'all',
    [partner, blended].map(({ value, reason }) => (value === null ? (reason ?? '–') : money(value, currency))).join(' / '),
  ]),
  ...ropi.map(({ partnerId, ratio, net }): [string, string, string] => [
    'ROPI, ratio / net',
    partnerId,
    `${ratio.value ?? '–'} / ${net ?? '–'}`,
  ]),
]

const print = (rows: [string, string, string][], say: Say) => {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  for (const [what, who, value] of rows) say(`  ${what.padEnd(widths[0] ?? 0)}  ${who.padEnd(widths[1] ?? 0)}  ${value}`)
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Plays the story on an empty twin, then shows the metrics, where finance's files lie, and what to try. */
export const demonstrate = async ({ url, exportsFolder }: Running, start: string, now: string, say: Say) => {
  const began = Date.now()
  const client = openClient(url)
  say(`An empty data folder: playing a year of three partners from ${start} on …`)
  const { period } = await playStory({ client, say: (line) => say(`  ${line}`) }, start)
  await client.twin('clock', { to: now })

  const finance = client.as({ role: 'finance', subject: 'fiona@example.test' })
  const { id } = await finance.post('/exports', { period })
  let asked = await finance.get(`/exports/${id}`)
  while (asked['status'] === 'requested') {
    await wait(100)
    asked = await finance.get(`/exports/${id}`)
  }
  const metrics = (await finance.get(`/metrics?period=${period}`)) as MetricsDocument

  say(`\nMetrics of ${period}, played in ${((Date.now() - began) / 1000).toFixed(1)} s:`)
  print(tableOf(metrics), say)
  say(`\nFinance's files: ${exportsFolder}/${asked['folder']}`)
  say('A page to look at, with charts:')
  say(`  npm run -s cosell -- report --period ${period} --url ${url} --out report.html`)
  const token = await client.as({ role: 'partner', partnerId: 'ptn-northwind' }).token()
  say('\nTry it (a token of the partner Northwind Resale, good for 12 hours):')
  say(`  TOKEN=${token}`)
  say(`  curl -s -H "Authorization: Bearer $TOKEN" ${url}/v1/offers`)
  say(`  curl -s ${url}/_twin/outbox   # the mails that went out`)
  say(`  curl -s -H "Authorization: Bearer $TOKEN" "${url}/v1/metrics/revenue?period=${period}"`)
  say(`  curl -s -H "Authorization: Bearer $TOKEN" "${url}/v1/metrics/nrr?period=${period}&window=12"\n`)
}
