import { globSync, readFileSync } from 'node:fs'
import { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { toldAtOnce } from '../../infra/alarms.ts'
import { failedMessages, failedWork } from '../../infra/dead-letters.ts'
import { type Environment, MAX_POLICY_BYTES, queueNameOf } from '../../infra/environment.ts'
import { functions, service } from '../../infra/service.ts'
import type { Trigger } from '../../infra/service-types.ts'
import type { Cell } from '../../infra/stacks.ts'
import { environment, oneRegion, REGIONS, synthesized } from './synthesized.ts'
import { all, type Found, first, policiesIn, policiesOf, type Statement, statementsOf, text } from './template.ts'

/** The templates of the first region. */
const templatesOf = (environment: Environment) => {
  const [{ data, api, processing, operation }] = synthesized(environment).cells as [Cell, ...Cell[]]
  return [data, api, processing, operation].map((stack) => Template.fromStack(stack))
}
const { cells, hub: hubStack } = synthesized(environment)
const hub = Template.fromStack(hubStack)
const parts = Object.entries(cells[0] as Cell).map(([part, stack]) => [part, Template.fromStack(stack)] as const)
const cell = parts.map(([, template]) => template)

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

describe('the stacks of a region', () => {
  const typesOf = (template: Template) => Object.values(template.toJSON()['Resources'] as Record<string, Found>)
  /** Each reference to another stack: of which property it is, and how it is made. */
  const referencesIn = (value: unknown, path: string): { path: string; how: string }[] => {
    if (typeof value !== 'object' || value === null) return []
    const how = ['Fn::GetStackOutput', 'Fn::ImportValue'].find((each) => each in value)
    return how ? [{ path, how }] : Object.entries(value).flatMap(([key, inner]) => referencesIn(inner, `${path}.${key}`))
  }
  const references = cell.flatMap((template) =>
    typesOf(template).flatMap(({ Type, Properties }) => referencesIn(Properties, Type)),
  )

  it.each(parts)('%s has room to grow: at most 300 of the 500 resources that CloudFormation allows', (_, template) => {
    expect(typesOf(template).length).toBeLessThanOrEqual(300)
  })

  it.each(Object.keys(functions))('have %s once', (name) => {
    const made = all(cell, 'AWS::Lambda::Function').filter(([, { Description }]) => Description === `Cosell ${name}`)
    expect(made).toHaveLength(1)
  })

  it('keep in data, and nowhere else, what must not be lost; nothing of it works', () => {
    const holding = ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::Events::EventBus', 'AWS::Events::Archive']
    const having = (type: string) => parts.filter(([, template]) => all(template, type).length > 0).map(([part]) => part)
    for (const type of holding) expect(having(type), type).toEqual(['data'])
    expect(having('AWS::Lambda::Function')).toEqual(['api', 'processing'])
  })

  it('lock each other by nothing but streams and keys, which are exported whether anybody reads them or not', () => {
    const locks = references.filter(({ how }) => how === 'Fn::ImportValue').map(({ path }) => path.replace(/\d+/g, 'n'))
    expect([...new Set(locks)].sort()).toEqual([
      'AWS::IAM::Role.Policies.n.PolicyDocument.Statement.n.Resource',
      'AWS::Lambda::EventSourceMapping.EventSourceArn',
      'AWS::Logs::LogGroup.KmsKeyId',
      'AWS::SNS::Topic.KmsMasterKeyId',
      'AWS::SQS::Queue.KmsMasterKeyId',
    ])
    const exported = parts.flatMap(([, template]) => Object.values(template.findOutputs('*', { Export: {} })))
    expect(exported).toHaveLength(Object.keys(service.tables).length + all(cell, 'AWS::KMS::Key').length)
  })

  it('refer to each other only where a new value replaces nothing', () => {
    const inPlace =
      /^AWS::(IAM::Role\.Policies|Lambda::Function\.Environment|CloudWatch::Alarm\.(Dimensions|Metrics)|CloudWatch::Dashboard\.DashboardBody)\./
    const weak = references.filter(({ how }) => how === 'Fn::GetStackOutput').map(({ path }) => path)
    expect(weak.length).toBeGreaterThan(0)
    expect(weak.filter((path) => !inPlace.test(path))).toEqual([])
  })

  it('are deployed in an order in which each finds what it names; the hub comes after the buses', () => {
    const [{ data, api, processing, operation }] = cells as [Cell, ...Cell[]]
    expect(data.dependencies).toEqual([])
    expect(api.dependencies).toContain(data)
    expect(processing.dependencies).toContain(data)
    expect(operation.dependencies).toEqual(expect.arrayContaining([api, processing]))
    expect(hubStack.dependencies).toEqual(cells.map((each) => each.data))
  })
})

describe('permissions', () => {
  it('name actions and resources, but for what AWS Marketplace cannot narrow and the objects of the bucket', () => {
    const policies = [cell, [hub]].flatMap((template) => policiesOf(template).flatMap(statementsOf))
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
      const granted = grantsOf(name).filter(({ resources }) =>
        resources.some((resource) => resource.includes(`:table/cosell-test-${table}`)),
      )
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
    const item = (command: string) =>
      command === 'BatchExecuteStatement'
        ? 'dynamodb:PartiQLInsert'
        : `dynamodb:${command}${/Query|Scan/.test(command) ? '' : 'Item'}`
    const granted = actionsOf('api/offers').filter((action) => action.startsWith('dynamodb:'))
    const some = [...actionsOf('jobs/export-metrics'), ...actionsOf('api/events')]
    const all = [...granted, ...some.filter((action) => /Scan|PartiQL/.test(action))]
    expect([...new Set(all)].sort()).toEqual([...new Set(commands.map(item))].sort())
  })

  it('let only those read all records who do: one store has a way to, and they take it', () => {
    const scanning = globSync('lib/**/*.ts').filter((path) => /\.scan(Page)?\(/.test(readFileSync(path, 'utf8')))
    expect(scanning.sort()).toEqual(['lib/feed/store.ts', 'lib/metrics/row-store.ts', 'lib/metrics/sum-store.ts'])
    const takes = (path: string) => /feedStore\(\w+\)\.all\b/.test(readFileSync(path, 'utf8'))
    const bound = globSync('functions/bind/*.ts')
      .filter(takes)
      .map((path) => path.replace('functions/', '../'))
    const doing = Object.keys(functions).filter((name) => {
      const path = `functions/${name}.ts`
      return takes(path) || bound.some((each) => readFileSync(path, 'utf8').includes(`'${each}'`))
    })
    const mayScan = ({ actions, resources }: Statement) =>
      actions.includes('dynamodb:Scan') && text(resources).includes('-records')
    expect(Object.keys(functions).filter((name) => grantsOf(name).some(mayScan))).toEqual(doing)
    expect(doing.length).toBeGreaterThan(0)
  })
})

describe('storage', () => {
  it('outlives the stack', () => {
    const kept = [...all(cell, 'AWS::DynamoDB::GlobalTable'), ...all(cell, 'AWS::S3::Bucket')]
    // The buckets of the service, and the one that says who read and wrote them.
    expect(kept).toHaveLength(Object.keys(service.tables).length + Object.keys(service.buckets).length + 1)
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

  it('keeps files in all versions', () => {
    const versioned = all(cell, 'AWS::S3::Bucket').filter(([, bucket]) => bucket['VersioningConfiguration']?.Status === 'Enabled')
    expect(versioned).toHaveLength(Object.keys(service.buckets).length)
  })

  it('forgets what the lake was written of after some months, and nothing else', () => {
    const versioned = all(cell, 'AWS::S3::Bucket').filter(([, bucket]) => bucket['VersioningConfiguration'])
    const rules = versioned.flatMap(([, bucket]) => bucket['LifecycleConfiguration']?.Rules ?? [])
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
  const deadLetters = [...failedMessages, ...failedWork].map((name) => queueNameOf(environment, name))
  const isDeadLetters = (queue: Found) => deadLetters.includes(queue['QueueName'])
  const queueOf = (arn: Found) => all(cell, 'AWS::SQS::Queue').find(([id]) => id === arn['Fn::GetAtt'][0])?.[1] ?? {}

  it('have dead letters, and an alarm when something lies in them', () => {
    const queues = all(cell, 'AWS::SQS::Queue').map(([, queue]) => queue)
    const [dead, working] = [queues.filter(isDeadLetters), queues.filter((queue) => !isDeadLetters(queue))]
    expect(working.map(({ QueueName }) => QueueName)).toEqual(
      Object.keys(service.queues).map((name) => queueNameOf(environment, name)),
    )
    for (const { QueueName, RedrivePolicy } of working) {
      expect(RedrivePolicy).toMatchObject({ maxReceiveCount: service.maxReceives })
      expect(queueOf(RedrivePolicy.deadLetterTargetArn)['QueueName']).toBe(`${QueueName}-failed`)
    }
    const watched = all(cell, 'AWS::CloudWatch::Alarm').flatMap(([, { Dimensions = [] }]) =>
      Dimensions.map(({ Value }: Found) => Value),
    )
    expect(dead.filter(({ QueueName }) => !watched.includes(QueueName))).toEqual([])
    expect(dead.map(({ QueueName }) => QueueName).sort()).toEqual(deadLetters.sort())
    expect(all(hub, 'AWS::CloudWatch::Alarm')).toHaveLength(all(hub, 'AWS::SQS::Queue').length)
  })

  it('have rules and schedules whose targets have dead letters, which take from the rules of this account', () => {
    const rules = [...all(cell, 'AWS::Events::Rule'), ...all(hub, 'AWS::Events::Rule')]
    const letters = rules.flatMap(([, rule]) => rule['Targets'].map((target: Found) => text(target['DeadLetterConfig']?.Arn)))
    expect(rules).toHaveLength(service.rules.length + toldAtOnce.length + triggersOf('schedule').length + REGIONS.length)
    for (const letter of letters) expect(letter).toMatch(/undelivered|unstarted/)
    const [, policy] = all(cell, 'AWS::SQS::QueuePolicy').find(([, { Queues }]) => text(Queues).includes('unstarted')) ?? []
    expect(policy?.['PolicyDocument'].Statement).toContainEqual({
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Principal: { Service: 'events.amazonaws.com' },
      Resource: '*',
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-central-1:123456789012:rule/*' } },
    })
  })

  it.each(toldAtOnce)('tell operators of $entry at once', ({ entry, pattern }) => {
    const rules = all(cell, 'AWS::Events::Rule').filter(([id]) => id.startsWith(`alarm${entry.replaceAll('-', '')}`))
    const topics = all(cell, 'AWS::SNS::Topic').map(([id]) => id)
    expect(rules.map(([, { EventPattern, Targets }]) => [EventPattern, Targets[0].Arn])).toEqual([[pattern, { Ref: topics[0] }]])
  })

  it.each(triggersOf('stream'))('let $name fail in parts, halve what fails and keep what cannot be handled', ({ name }) => {
    for (const mapping of mappingsOf(name)) {
      expect(mapping).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'], BisectBatchOnFunctionError: true })
      const failed = queueOf(mapping['DestinationConfig'].OnFailure.Destination)
      expect(failed['QueueName']).toBe(queueNameOf(environment, `${name}-failed`))
    }
    expect(mappingsOf(name)).toHaveLength(1)
    expect(text(all(cell, 'AWS::CloudWatch::Alarm'))).toMatch(new RegExp(`"FunctionName","Value":[^}]*OutputRef${idOf(name)}`))
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

  it('let no webhook of a cell call its own machine, which only the twin may', () => {
    expect(readFileSync('functions/bind/webhooks.ts', 'utf8')).toContain('WEBHOOKS_ON_LOOPBACK')
    expect(cell.map((template) => text(template.toJSON())).join()).not.toContain('LOOPBACK')
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
    expect(all(cell, 'AWS::ApiGatewayV2::Integration').find(([found]) => found === id)?.[1]['IntegrationUri']).toEqual(system)
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
    const { azure: _, name, ...rest } = oneRegion
    const aws = templatesOf({ name, ...rest })
    const states = all(aws, 'AWS::Events::Rule').filter(([, rule]) => rule['ScheduleExpression'])
    const asking = triggersOf('schedule').filter(({ name }) => functions[name]?.access.azure)
    expect(states.filter(([, { State }]) => State === 'DISABLED')).toHaveLength(asking.length)
    expect(text(policiesOf(aws))).not.toContain('cosell/azure')
  })
})

describe('a cell without messages', () => {
  const { messages: _, name, ...rest } = oneRegion
  const template = templatesOf({ name, ...rest })

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
