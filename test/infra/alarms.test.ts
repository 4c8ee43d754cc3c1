import { readFileSync } from 'node:fs'
import { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { alarms, burning, entries, hubAlarm } from '../../infra/alarms.ts'
import { functions, service } from '../../infra/service.ts'
import type { Cell } from '../../infra/stacks.ts'
import { oneRegion, synthesized } from './synthesized.ts'
import { all, type Found, text } from './template.ts'

const { cells, hub } = synthesized(oneRegion)
const operation = Template.fromStack((cells[0] as Cell).operation)
const found: Record<string, Found> = Object.fromEntries(
  all([operation, Template.fromStack(hub)], 'AWS::CloudWatch::Alarm').map(([, alarm]) => [alarm['AlarmName'], alarm]),
)
const alarmOf = (name: string) => found[`cosell-test-${name}`] ?? {}
const dimension = (name: string, value: string) => ({ Name: name, Value: value })
const watched = (kind: string) => alarms.filter((alarm) => alarm.kind === kind).map(({ of }) => of)
const runbook = /^## Runbook$([\s\S]*?)^## /m.exec(readFileSync('README.md', 'utf8'))?.[1] ?? ''

describe('the runbook', () => {
  it('has an entry for each alarm, and no other', () => {
    const written = [...runbook.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, entry]) => entry)
    expect(written.sort()).toEqual([...entries].sort())
  })

  it('says of each what it means, what to look at and what to do', () => {
    for (const line of runbook.split('\n').filter((each) => each.startsWith('| `')))
      expect(line.split(' | ').filter((cell) => cell.length > 20).length, line).toBe(3)
  })
})

describe('alarms', () => {
  it('are those of the description, ring the topic, and say where to read on', () => {
    const names = [...alarms, hubAlarm].map(({ entry, of }) => `cosell-test-${entry}-${of.replaceAll('/', '-')}`)
    expect(Object.keys(found).sort()).toEqual(names.sort())
    for (const { entry, of } of [...alarms, hubAlarm]) {
      const alarm = alarmOf(`${entry}-${of.replaceAll('/', '-')}`)
      expect(alarm['AlarmDescription']).toMatch(new RegExp(`In the runbook: ${entry}$`))
      expect(text(alarm['AlarmActions'])).toContain('Topic')
    }
  })

  it('watch each queue for messages that wait, and each stream for records behind', () => {
    expect(watched('age')).toEqual(Object.keys(service.queues))
    expect(alarmOf('queue-behind-payments')).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Threshold: 1800,
      Dimensions: [dimension('QueueName', 'cosell-test-payments')],
    })
    const reading = Object.entries(functions).filter(([, { triggers }]) => triggers.some(({ kind }) => kind === 'stream'))
    expect(watched('lag')).toEqual(reading.map(([name]) => name))
    // Five minutes beyond the one that a batch may take.
    expect(alarmOf('stream-behind-consumers-relay-events')).toMatchObject({ MetricName: 'IteratorAge', Threshold: 360_000 })
  })

  it('miss each job that runs every so many minutes, also when it does not run at all', () => {
    const running = Object.entries(functions).filter(([, { triggers }]) =>
      triggers.some((trigger) => trigger.kind === 'schedule' && 'minutes' in trigger.every),
    )
    expect(watched('quiet')).toEqual(running.map(([name]) => name))
    const alarm = alarmOf('reconcile-behind-jobs-reconcile-aws')
    expect(alarm).toMatchObject({ Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' })
    expect(
      alarm['Metrics'].map(
        ({ Expression, MetricStat }: Found) => Expression ?? [MetricStat.Metric.MetricName, MetricStat.Period],
      ),
    ).toEqual(['runs - errors', ['Invocations', 3600], ['Errors', 3600]])
  })

  it('know a run that failed in all three tries', () => {
    expect(watched('lost')).toEqual(['consumers/sweep-rows', 'jobs/verify-metrics', 'jobs/export-metrics'])
    expect(alarmOf('run-lost-jobs-export-metrics')).toMatchObject({ MetricName: 'Errors', Threshold: 2, Period: 3600 })
  })

  it.each([
    // Of 99.9 % over thirty days, by the table of the workbook: burn rates of 14.4 and 6.
    ['fast', { spent: 0.02, hours: 1 }, 14.4],
    ['slow', { spent: 0.05, hours: 6 }, 6],
  ])('ring when the error budget burns %s', (name, { spent, hours }, rate) => {
    expect(burning({ spent, hours })).toBeCloseTo(rate * 0.001, 10)
    const alarm = alarmOf(`api-errors-${name}`)
    expect(alarm['Threshold']).toBeCloseTo(rate * 0.001, 10)
    const periods = alarm['Metrics'].flatMap(({ MetricStat }: Found) => (MetricStat ? [MetricStat.Period] : []))
    expect(periods).toEqual([hours * 3600, hours * 3600])
  })

  it('do not miss jobs that never run', () => {
    const { azure: _, messages: __, name, ...rest } = oneRegion
    const silent = Template.fromStack((synthesized({ name, ...rest }).cells[0] as Cell).operation)
    const names = all(silent, 'AWS::CloudWatch::Alarm').map(([, { AlarmName }]) => AlarmName)
    expect(names.filter((each) => /(quiet|reconcile-behind)/.test(each)).sort()).toEqual([
      'cosell-test-job-quiet-consumers-send-webhooks',
      'cosell-test-job-quiet-jobs-escalate-approvals',
      'cosell-test-job-quiet-jobs-reconcile-books',
      'cosell-test-job-quiet-jobs-write-lake',
      'cosell-test-reconcile-behind-jobs-follow-aws-offers',
      'cosell-test-reconcile-behind-jobs-reconcile-aws',
    ])
  })
})

describe('the dashboard', () => {
  it('shows all alarms of the region, and each queue, stream and table', () => {
    const [[, dashboard] = ['', {} as Found]] = all(operation, 'AWS::CloudWatch::Dashboard')
    const body = text(dashboard['DashboardBody'])
    for (const [id] of all(operation, 'AWS::CloudWatch::Alarm')) expect(body).toContain(`["${id}","Arn"]`)
    for (const name of [...Object.keys(service.queues), ...Object.keys(service.tables)])
      expect(body).toContain(`cosell-test-${name}`)
    expect(dashboard['DashboardName']).toBe('cosell-test-eu-central-1')
  })
})
