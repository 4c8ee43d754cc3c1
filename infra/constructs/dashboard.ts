import { Duration, Stack } from 'aws-cdk-lib'
import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget, type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import { failedMessages, failedWork, streamReaders } from '../dead-letters.ts'
import { alarmNameOf, type Environment, tableNameOf } from '../environment.ts'
import { queueNames, tableNames } from '../region.ts'
import { ageOf, lagOf, requests, type Sights, waitingIn } from './alarms.ts'

const WIDTH = 24
const FIVE_MINUTES = Duration.minutes(5)

const graph = (title: string, left: IMetric[], width = WIDTH / 3) => new GraphWidget({ title, left, width })
const named = (metric: Metric, label: string) => metric.with({ label })

const latency = (apiId: string, statistic: string) =>
  new Metric({ namespace: 'AWS/ApiGateway', metricName: 'Latency', dimensionsMap: { ApiId: apiId }, statistic, label: statistic })

const units = (environment: Environment, metricName: 'ConsumedReadCapacityUnits' | 'ConsumedWriteCapacityUnits') =>
  tableNames.map((name) => {
    const dimensionsMap = { TableName: tableNameOf(environment, name) }
    return new Metric({ namespace: 'AWS/DynamoDB', metricName, dimensionsMap, statistic: 'Sum', label: name })
  })

/** A region at a glance: what rings, what callers see, what waits, what was given up, what it costs. */
export const dashboard = (scope: Construct, environment: Environment, { queue, lambda, apiId }: Sights, alarms: Alarm[]) => {
  const count = (name: 'Count' | '4xx' | '5xx') => requests(apiId, name, FIVE_MINUTES)
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: alarmNameOf(environment, Stack.of(scope).region),
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: WIDTH, height: 4 })],
      [
        graph('Requests', [count('Count'), count('4xx'), count('5xx')]),
        graph('Latency in ms', [latency(apiId, 'p50'), latency(apiId, 'p99')]),
        graph(
          'Behind the streams, in ms',
          streamReaders.map((name) => named(lagOf(lambda(name)), name)),
        ),
      ],
      [
        graph(
          'Oldest message in s',
          queueNames.map((name) => named(ageOf(queue(name)), name)),
        ),
        graph(
          'Given up',
          [...failedMessages, ...failedWork].map((name) => named(waitingIn(queue(name)), name)),
        ),
        graph('Units of reading and writing', [
          ...units(environment, 'ConsumedReadCapacityUnits'),
          ...units(environment, 'ConsumedWriteCapacityUnits'),
        ]),
      ],
    ],
  })
}
