import { readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { describe, expect, it } from 'vitest'
import { CellStack } from '../../infra/cell-stack.ts'
import { environmentOf, MAX_POLICY_BYTES } from '../../infra/environment.ts'
import { HubStack } from '../../infra/hub-stack.ts'
import { functions, service } from '../../infra/service.ts'
import type { Trigger } from '../../infra/service-types.ts'
import { all, type Found, first, policiesIn, policiesOf, type Statement, statementsOf, text } from './template.ts'

const REGIONS = ['eu-central-1', 'us-east-1']
const environment = environmentOf({
  test: {
    account: '123456789012',
    regions: REGIONS,
    issuer: 'https://login.example.com/',
    audience: ['cosell'],
    messages: {
      sender: 'cosell@vendor.example',
      managers: { emails: ['managers@vendor.example'], timeZone: 'Europe/Berlin' },
      webhook: {
        url: 'https://hooks.vendor.example/cosell',
        secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:cosell/webhook-AbCdEf',
      },
    },
    azure: {
      tenantId: '11111111-1111-4111-8111-111111111111',
      clientId: '22222222-2222-4222-8222-222222222222',
      secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:cosell/azure-AbCdEf',
    },
  },
})
// Synthesis checks templates against AWS's schemas too; that takes seconds and is done by `npm run synth`.
process.env['CDK_VALIDATION'] = 'false'
const app = new App()
const codeOf = () => Code.fromInline('export const handler = () => undefined')
const stack = new CellStack(app, { environment, region: 'eu-central-1', codeOf })
const hubStack = new HubStack(app, { environment })
const cell = Template.fromStack(stack)
const hub = Template.fromStack(hubStack)

const lambdas = new Map(
  all(cell, 'AWS::Lambda::Function').map(([id, lambda]) => [lambda['Description'].slice('Cosell '.length), { id, lambda }]),
)
const lambdaOf = (name: string) => lambdas.get(name)?.lambda ?? {}
const idOf = (name: string) => lambdas.get(name)?.id ?? ''
const grantsOf = (name: string): Statement[] => {
  const role = lambdaOf(name)['Role']['Fn::GetAtt'][0]
  const beside = all(cell, 'AWS::IAM::Policy').filter(([, { Roles }]) => Roles.some(({ Ref }: { Ref: string }) => Ref === role))
  const within = all(cell, 'AWS::IAM::Role').filter(([id]) => id === role)
  return [...beside.map(([, policy]) => policy), ...within.flatMap(([, found]) => policiesIn(found))].flatMap(statementsOf)
}
const actionsOf = (name: string) => grantsOf(name).flatMap(({ actions }) => actions)
const triggersOf = <Kind extends Trigger['kind']>(kind: Kind) =>
  Object.entries(functions).flatMap(([name, { triggers }]) =>
    triggers
      .filter((trigger): trigger is Extract<Trigger, { kind: Kind }> => trigger.kind === kind)
      .map((trigger) => ({ name, trigger })),
  )
const mappingsOf = (name: string) =>
  all(cell, 'AWS::Lambda::EventSourceMapping')
    .map(([, mapping]) => mapping)
    .filter(({ FunctionName }) => FunctionName.Ref === idOf(name))

describe('permissions', () => {
  it('name actions and resources, but for what AWS Marketplace cannot narrow and the objects of the bucket', () => {
    const policies = [cell, hub].flatMap((template) => policiesOf(template).flatMap(statementsOf))
    const wide = policies.filter(({ resources }) => resources.some((resource) => resource.includes('*')))
    expect(policies.length).toBeGreaterThan(lambdas.size)
    expect(policies.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([])
    for (const { actions, resources } of wide) {
      const marketplace = actions.every((action) => action.startsWith('aws-marketplace:')) && resources.join() === '"*"'
      const objects =
        actions.every((action) => /^s3:(Get|Put)Object$/.test(action)) && /Bucket.*"\/([a-z]+\/|20)?\*"/.test(resources.join())
      expect(marketplace || objects, text({ actions, resources })).toBe(true)
    }
  })

  it('come from no managed policy', () => {
    for (const [id, role] of [...all(cell, 'AWS::IAM::Role'), ...all(hub, 'AWS::IAM::Role')])
      expect(role, id).not.toHaveProperty('ManagedPolicyArns')
  })

  it.each(Object.entries(functions))('of %s are those that its access names', (name, { access, triggers }) => {
    const actions = actionsOf(name)
    expect(actions.includes('events:PutEvents')).toBe(access.bus !== undefined)
    // What a stream's reader gives up goes to a queue of its own.
    const sends = grantsOf(name).filter((statement) => statement.actions.includes('sqs:SendMessage'))
    const streams = triggers.filter(({ kind }) => kind === 'stream')
    expect(sends.flatMap(({ resources }) => resources)).toHaveLength(
      access.queues ? Object.keys(service.queues).length : streams.length,
    )
    expect(actions.includes('secretsmanager:GetSecretValue')).toBe(access.azure === 'secret' || access.messages === 'send')
    expect(actions.filter((action) => action.startsWith('ses:'))).toEqual(access.messages === 'send' ? ['ses:SendEmail'] : [])
    const objects = [access.exports ?? {}, access.settlements ?? {}].flatMap(({ read, write }) => [
      ...(read ? ['s3:GetObject'] : []),
      ...(write ? ['s3:PutObject'] : []),
    ])
    expect(actions.filter((action) => action.startsWith('s3:'))).toEqual(objects)
    expect(actions.filter((action) => action.startsWith('aws-marketplace:')).sort()).toEqual(
      [...(access.marketplace ?? [])].sort(),
    )
    for (const table of ['records', 'metrics'] as const) {
      const granted = grantsOf(name).filter(({ resources }) => resources.some((resource) => resource.includes(`Data${table}`)))
      const items = granted.flatMap((statement) => statement.actions).filter((action) => /Item$|Query|Scan/.test(action))
      const verbs = new Set(items.map((action) => (/Put|Update/.test(action) ? 'write' : 'read')))
      expect([...verbs].sort(), table).toEqual(access[table] === 'write' ? ['read', 'write'] : access[table] ? ['read'] : [])
    }
  })

  it('cover the commands that tables are used with, and no more', () => {
    const used = [
      ...readFileSync('lib/runtime/table.ts', 'utf8').matchAll(/new (\w+)Command\(|\b(Put|Delete|ConditionCheck): \{/g),
    ]
    const commands = used.map(([, command, part]) => command ?? part ?? '').filter((command) => command !== 'TransactWrite')
    const item = (command: string) => `dynamodb:${command}${/Query|Scan/.test(command) ? '' : 'Item'}`
    const granted = actionsOf('api/offers').filter((action) => action.startsWith('dynamodb:'))
    expect(granted.sort()).toEqual([...new Set(commands.map(item))].sort())
  })
})

describe('storage', () => {
  it('outlives the stack', () => {
    const kept = [...all(cell, 'AWS::DynamoDB::GlobalTable'), ...all(cell, 'AWS::S3::Bucket')]
    expect(kept).toHaveLength(Object.keys(service.tables).length + Object.keys(service.buckets).length)
    for (const [id, , resource] of kept) {
      expect(resource, id).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    }
  })

  it('can be set back in time, tells old and new images, and forgets what expired', () => {
    for (const [id, table] of all(cell, 'AWS::DynamoDB::GlobalTable')) {
      expect(table['Replicas'][0].PointInTimeRecoverySpecification, id).toEqual({ PointInTimeRecoveryEnabled: true })
      expect(table['StreamSpecification'], id).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' })
      expect(table['TimeToLiveSpecification'], id).toEqual({ AttributeName: 'ttl', Enabled: true })
    }
  })

  it('keeps files private, encrypted and in all versions', () => {
    for (const [id, bucket] of all(cell, 'AWS::S3::Bucket')) {
      expect(new Set(Object.values(bucket['PublicAccessBlockConfiguration'])), id).toEqual(new Set([true]))
      expect(bucket['VersioningConfiguration'], id).toEqual({ Status: 'Enabled' })
      expect(text(bucket['BucketEncryption']), id).toContain('AES256')
      const policies = all(cell, 'AWS::S3::BucketPolicy').filter(([, policy]) => policy['Bucket'].Ref === id)
      expect(text(policies), id).toContain('"aws:SecureTransport":"false"')
    }
  })

  it('forgets what the lake was written of after some months, and nothing else', () => {
    const rules = all(cell, 'AWS::S3::Bucket').flatMap(([, bucket]) => bucket['LifecycleConfiguration']?.Rules ?? [])
    const { prefix, days } = service.buckets.exports.expires
    expect(rules).toEqual([
      { Prefix: prefix, Status: 'Enabled', ExpirationInDays: days, NoncurrentVersionExpiration: { NoncurrentDays: days } },
    ])
    expect(functions['consumers/collect-events']?.access.exports?.write).toEqual([`${prefix}*`])
  })

  it('lets the batches of the lake grow before they are handled', () => {
    const [mapping] = mappingsOf('consumers/collect-events')
    expect(mapping).toMatchObject({ BatchSize: 10_000, MaximumBatchingWindowInSeconds: 300 })
  })

  it('tells each uploaded file to its queue, which takes it from S3 of this account only', () => {
    const { prefix, queue } = service.buckets.settlements.uploads
    const notified = all(cell, 'AWS::S3::Bucket').filter(([, bucket]) => bucket['NotificationConfiguration'])
    expect(notified).toHaveLength(1)
    const [[, bucket, resource] = ['', {} as Found, {} as Found]] = notified
    const [setting] = bucket['NotificationConfiguration'].QueueConfigurations
    const queueId = setting.Queue['Fn::GetAtt'][0]
    expect(queueId).toContain(queue)
    expect(setting).toMatchObject({
      Event: 's3:ObjectCreated:*',
      Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: prefix }] } },
    })
    const [policyId, policy] = all(cell, 'AWS::SQS::QueuePolicy').find(([, { Queues }]) => Queues[0].Ref === queueId) ?? []
    const allowed = policy?.['PolicyDocument'].Statement.filter(({ Effect }: Found) => Effect === 'Allow')
    expect(allowed).toContainEqual(
      expect.objectContaining({
        Action: 'sqs:SendMessage',
        Principal: { Service: 's3.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      }),
    )
    expect(resource['DependsOn']).toContain(policyId)
  })
})

describe('queues and streams', () => {
  const isDeadLetters = (id: string) => /(failed|undelivered|unstarted)[0-9A-F]{8}$/.test(id)

  it('have dead letters, and an alarm when something lies in them', () => {
    for (const template of [cell, hub]) {
      const alarms = text(all(template, 'AWS::CloudWatch::Alarm'))
      for (const [id, queue] of all(template, 'AWS::SQS::Queue')) {
        if (isDeadLetters(id)) expect(alarms).toContain(`{"Fn::GetAtt":["${id}","QueueName"]}`)
        else expect(queue['RedrivePolicy'], id).toMatchObject({ maxReceiveCount: service.maxReceives })
      }
    }
    expect(all(cell, 'AWS::SQS::Queue').filter(([id]) => !isDeadLetters(id))).toHaveLength(Object.keys(service.queues).length)
  })

  it('have rules and schedules whose targets have dead letters of their own', () => {
    const rules = [...all(cell, 'AWS::Events::Rule'), ...all(hub, 'AWS::Events::Rule')]
    const letters = rules.flatMap(([, rule]) => rule['Targets'].map((target: Found) => text(target['DeadLetterConfig']?.Arn)))
    expect(rules).toHaveLength(service.rules.length + service.alarms.length + triggersOf('schedule').length + REGIONS.length)
    expect(new Set(letters).size).toBe(rules.length)
    expect(letters).not.toContain(undefined)
  })

  it.each(service.alarms)('tell operators of $name at once', ({ name, pattern }) => {
    const rules = all(cell, 'AWS::Events::Rule').filter(([id]) => id.startsWith(`Eventsalarm${name.replaceAll('-', '')}`))
    const topics = all(cell, 'AWS::SNS::Topic').map(([id]) => id)
    expect(rules.map(([, { EventPattern, Targets }]) => [EventPattern, Targets[0].Arn])).toEqual([[pattern, { Ref: topics[0] }]])
  })

  it.each(triggersOf('stream'))('let $name fail in parts, halve what fails and keep what cannot be handled', ({ name }) => {
    for (const mapping of mappingsOf(name)) {
      expect(mapping).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'], BisectBatchOnFunctionError: true })
      expect(isDeadLetters(mapping['DestinationConfig'].OnFailure.Destination['Fn::GetAtt'][0])).toBe(true)
    }
    expect(mappingsOf(name)).toHaveLength(1)
    expect(text(all(cell, 'AWS::CloudWatch::Alarm'))).toContain(`{"Name":"FunctionName","Value":{"Ref":"${idOf(name)}"}}`)
  })

  it('have at most two readers a stream, which is what DynamoDB serves without throttling', () => {
    for (const table of Object.keys(service.tables))
      expect(triggersOf('stream').filter(({ trigger }) => trigger.table === table).length, table).toBeLessThanOrEqual(2)
  })

  it.each(triggersOf('queue'))('tell $name the name of its queue, as its dead letters are listed by', ({ name, trigger }) => {
    expect(lambdaOf(name)['Environment'].Variables).toMatchObject({ QUEUE_NAME: trigger.queue })
  })

  it('let api/events send to each queue of the service, of which it knows the addresses', () => {
    const [sends] = grantsOf('api/events').filter(({ actions }) => actions.includes('sqs:SendMessage'))
    expect(sends?.resources).toHaveLength(Object.keys(service.queues).length)
    const urls = text(lambdaOf('api/events')['Environment'].Variables['QUEUE_URLS'])
    for (const queue of Object.keys(service.queues)) expect(urls).toContain(queue)
  })

  it.each(triggersOf('queue'))(
    'let $name fail message by message, and hide a message for as long as it may run',
    ({ name, trigger }) => {
      expect(mappingsOf(name)[0]).toMatchObject({
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BatchSize: trigger.batchSize,
      })
      expect(service.queues[trigger.queue].visibilitySeconds).toBeGreaterThanOrEqual(lambdaOf(name)['Timeout'])
    },
  )
})

/** Does something with these environment variables only; tells which were read. */
const readDuring = async (variables: Map<string, string>, act: () => Promise<unknown>) => {
  const before = process.env
  const read = new Set<string>()
  const get = (_: unknown, key: string | symbol) => {
    read.add(String(key))
    return variables.get(String(key)) ?? before[String(key)]
  }
  process.env = new Proxy<NodeJS.ProcessEnv>(before, { get })
  await act().finally(() => {
    process.env = before
  })
  return read
}

describe('functions', () => {
  const settings: Record<string, string> = { ...service.settings, ...service.policies, ...service.messages }

  it('are exactly those of the service', () => {
    expect([...lambdas.keys()].sort()).toEqual(Object.keys(functions).sort())
  })

  it.each(Object.keys(functions))('%s has a log of its own and runs on Node 24, ARM', (name) => {
    expect(lambdaOf(name)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      LoggingConfig: { LogFormat: 'JSON' },
    })
  })

  it.each(Object.keys(functions))('%s has room for the largest policy among its 4 KB of variables', (name) => {
    const variables = Object.entries(lambdaOf(name)['Environment'].Variables as Record<string, unknown>)
    const sizeOf = (key: string, value: unknown) =>
      key.endsWith('_POLICY') ? MAX_POLICY_BYTES : typeof value === 'string' ? value.length : 255
    // Names of resources are made at deployment: at most 255 characters.
    const sizes = variables.map(([key, value]) => key.length + sizeOf(key, value))
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(4096)
  })

  it.each(Object.keys(functions))(
    '%s starts with the variables it is given, and reads those of its resources and policies',
    async (name) => {
      const given = Object.keys(lambdaOf(name)['Environment'].Variables)
      const values = new Map(given.map((key) => [key, settings[key] ?? 'http://localhost']))
      const read = await readDuring(values, () => import(new URL(`../../functions/${name}.ts`, import.meta.url).pathname))
      const resources = given.filter((key) => /_TABLE$|_BUCKET$|_RULE$|_POLICY$|^BUS_|^AZURE_SECRET/.test(key))
      expect(resources.filter((key) => !read.has(key))).toEqual([])
    },
  )
})

describe('the API', () => {
  const routes = new Map(all(cell, 'AWS::ApiGatewayV2::Route').map(([, route]) => [route['RouteKey'], route]))
  const contracts = triggersOf('api').flatMap(({ trigger }) => Object.values(trigger.contract))

  it('has each route of the contracts and, but for the default, no other', () => {
    expect([...routes.keys()].sort()).toEqual(['$default', ...contracts.map(({ method, path }) => `${method} /v1${path}`)].sort())
  })

  it('asks for a token where the route has a scope, which the function checks, and for none where it has none', () => {
    const authorizer = all(cell, 'AWS::ApiGatewayV2::Authorizer').map(([id]) => ({ Ref: id }))[0]
    for (const { method, path, scope } of contracts) {
      const route = routes.get(`${method} /v1${path}`)
      expect(route?.['AuthorizationType']).toBe(scope ? 'JWT' : 'NONE')
      expect(route?.['AuthorizerId']).toEqual(scope ? authorizer : undefined)
      expect(route).not.toHaveProperty('AuthorizationScopes')
    }
  })

  it('lets api/system answer without a token what it has no route for', () => {
    const unrouted = routes.get('$default')
    const system = { 'Fn::GetAtt': [idOf('api/system'), 'Arn'] }
    const [id] = all(cell, 'AWS::ApiGatewayV2::Integration').find(([id]) => text(unrouted?.['Target']).includes(`"${id}"`)) ?? []
    expect(unrouted?.['AuthorizationType']).toBe('NONE')
    expect(cell.findResources('AWS::ApiGatewayV2::Integration')[id ?? '']?.['Properties'].IntegrationUri).toEqual(system)
  })

  it('calls each function of the API, and no other, in the role of the gateway', () => {
    const integrations = all(cell, 'AWS::ApiGatewayV2::Integration')
    const roles = new Set(integrations.map(([, { CredentialsArn }]) => text(CredentialsArn)))
    expect(roles.size).toBe(1)
    const called = new Set(integrations.map(([, { IntegrationUri }]) => text(IntegrationUri)))
    const invoking = policiesOf(cell)
      .flatMap(statementsOf)
      .filter(({ actions }) => actions.includes('lambda:InvokeFunction'))
    expect(new Set(invoking.flatMap(({ resources }) => resources))).toEqual(called)
    const byPermission = all(cell, 'AWS::Lambda::Permission').map(([, { Principal }]) => Principal)
    expect(byPermission).not.toContain('apigateway.amazonaws.com')
  })

  it('trusts the issuer and audience of the environment, throttles, and logs no person', () => {
    const { issuer, audience } = environment
    expect(first(cell, 'AWS::ApiGatewayV2::Authorizer')['JwtConfiguration']).toEqual({ Issuer: issuer, Audience: audience })
    const stage = first(cell, 'AWS::ApiGatewayV2::Stage')
    expect(stage['DefaultRouteSettings'].ThrottlingRateLimit).toBeGreaterThan(0)
    expect(stage['AccessLogSettings'].Format).not.toMatch(/sourceIp|claims|userAgent/)
  })
})

describe('the hub', () => {
  it('forwards what AWS Marketplace tells to the bus of every cell', () => {
    const rules = all(hub, 'AWS::Events::Rule').map(([, rule]) => rule)
    for (const { EventPattern, EventBusName } of rules) {
      expect(EventPattern).toEqual({ source: ['aws.marketplacecatalog', 'aws.agreement-marketplace'] })
      expect(EventBusName).toBeUndefined()
    }
    const bus = first(cell, 'AWS::Events::EventBus')
    expect(rules).toHaveLength(REGIONS.length)
    for (const [index, region] of REGIONS.entries())
      expect(text(rules[index]?.['Targets'][0].Arn)).toContain(`:events:${region}:123456789012:event-bus/${bus['Name']}"`)
    expect(hubStack.region).toBe('us-east-1')
  })
})

describe('a cell without an Azure app', () => {
  it('asks Azure nothing on a schedule', () => {
    const { azure: _, name, ...rest } = environment
    const aws = new CellStack(new App(), { environment: { name, ...rest }, region: 'eu-central-1', codeOf })
    const states = all(Template.fromStack(aws), 'AWS::Events::Rule').filter(([, rule]) => rule['ScheduleExpression'])
    const asking = triggersOf('schedule').filter(({ name }) => functions[name]?.access.azure)
    expect(states.filter(([, { State }]) => State === 'DISABLED')).toHaveLength(asking.length)
    expect(text(policiesOf(Template.fromStack(aws)))).not.toContain('cosell/azure')
  })
})

describe('a cell without messages', () => {
  const { messages: _, name, ...rest } = environment
  const silent = new CellStack(new App(), { environment: { name, ...rest }, region: 'eu-central-1', codeOf })
  const template = Template.fromStack(silent)

  it('reminds nobody on a schedule and may send nothing', () => {
    const states = all(template, 'AWS::Events::Rule').filter(([, rule]) => rule['ScheduleExpression'])
    const telling = triggersOf('schedule').filter(({ name }) => functions[name]?.access.messages)
    expect(states.filter(([, { State }]) => State === 'DISABLED')).toHaveLength(telling.length)
    expect(telling.length).toBeGreaterThan(0)
    expect(text(policiesOf(template))).not.toMatch(/ses:|cosell\/webhook/)
  })
})

describe('sending messages', () => {
  it('is allowed by one identity, with one secret, to the one function that sends', () => {
    const sends = grantsOf('consumers/send-messages').filter(({ actions }) => /ses:|secretsmanager:/.test(actions.join()))
    expect(sends.map(({ actions }) => actions)).toEqual([['ses:SendEmail'], ['secretsmanager:GetSecretValue']])
    expect(sends[0]?.resources.join()).toContain(':ses:eu-central-1:123456789012:identity/vendor.example')
    expect(sends[1]?.resources).toEqual(['"arn:aws:secretsmanager:eu-central-1:123456789012:secret:cosell/webhook-AbCdEf"'])
  })

  it('tells the addresses of the managers only to those who queue and send', () => {
    const knowing = [...lambdas]
      .filter(([, { lambda }]) => text(lambda).includes('managers@vendor.example'))
      .map(([name]) => name)
    expect(knowing.sort()).toEqual(['consumers/send-messages', 'jobs/queue-reminders'])
  })
})
