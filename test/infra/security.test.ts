import { Template } from 'aws-cdk-lib/assertions'
import { AwsSolutionsChecks } from 'cdk-nag'
import { describe, expect, it } from 'vitest'
import { functions } from '../../infra/service.ts'
import type { Cell } from '../../infra/stacks.ts'
import { ACKNOWLEDGED } from './acknowledged.ts'
import { environment, synthesized } from './synthesized.ts'
import { all, type Found, policiesIn, text } from './template.ts'

const { app, cells, hub: hubStack } = synthesized(environment)
const hub = Template.fromStack(hubStack)
const cell = Object.values(cells[0] as Cell).map((stack) => Template.fromStack(stack))
const templates = [...cell, hub]

describe('cdk-nag', () => {
  const findings = new AwsSolutionsChecks(app).validateScope(app).violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => ({
      rule: ruleName.replace('AwsSolutions-', ''),
      path: constructPath ?? '',
    })),
  )
  const isOf =
    ({ rule, path }: (typeof findings)[number]) =>
    (acknowledged: (typeof ACKNOWLEDGED)[number]) =>
      acknowledged.rule.test(rule) && acknowledged.at.test(path)

  it("finds nothing against AWS's own rules but what is acknowledged with a reason", () => {
    expect(findings.filter((finding) => !ACKNOWLEDGED.some(isOf(finding)))).toEqual([])
  })

  it.each(ACKNOWLEDGED)('still finds $rule at $at, so that no reason outlives its finding', (acknowledged) => {
    expect(findings.some((finding) => isOf(finding)(acknowledged))).toBe(true)
    expect(acknowledged.why.length).toBeGreaterThan(20)
  })
})

describe('keys', () => {
  const keys = templates.flatMap((template) => all(template, 'AWS::KMS::Key'))

  it('are turned every year and outlive their stacks', () => {
    expect(keys).toHaveLength(3)
    for (const [id, key, resource] of keys) {
      expect(key, id).toMatchObject({ EnableKeyRotation: true })
      expect(resource, id).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    }
  })

  it.each([
    ['AWS::DynamoDB::GlobalTable', (table: Found) => table['Replicas'][0].SSESpecification.KMSMasterKeyId, /keydata/],
    ['AWS::SQS::Queue', (queue: Found) => queue['KmsMasterKeyId'], /key(messages|hub)/],
    ['AWS::SNS::Topic', (topic: Found) => topic['KmsMasterKeyId'], /key(messages|hub)/],
    ['AWS::Logs::LogGroup', (log: Found) => log['KmsKeyId'], /keymessages/],
  ])('are our own for each %s', (type, keyOf, expected) => {
    const found = templates.flatMap((template) => all(template, type))
    expect(found.length).toBeGreaterThan(0)
    for (const [id, resource] of found) expect(text(keyOf(resource)), id).toMatch(expected)
  })

  it("are our own for each bucket, but for the one that S3 fills, which takes none but S3's", () => {
    const algorithms = all(cell, 'AWS::S3::Bucket').map(([id, { BucketEncryption }]) => {
      const [{ ServerSideEncryptionByDefault: by }] = BucketEncryption.ServerSideEncryptionConfiguration
      return [id.replace(/[0-9A-F]{8}$/, ''), by.SSEAlgorithm, /keydata/.test(text(by.KMSMasterKeyID ?? ''))]
    })
    expect(algorithms).toEqual([
      ['bucketaccess', 'AES256', false],
      ['bucketexportsBucket', 'aws:kms', true],
      ['bucketsettlementsBucket', 'aws:kms', true],
    ])
  })

  it('let services use what they must, and the key of tables and files none', () => {
    const servicesOf = ([id, { KeyPolicy }]: [string, Found, Found]) =>
      [
        id.replace(/[0-9A-F]{8}$/, ''),
        [...text(KeyPolicy).matchAll(/(\w+)\.(amazonaws|eu-central-1)/g)].map(([, name]) => name).sort(),
      ] as const
    expect(Object.fromEntries(keys.map(servicesOf))).toEqual({
      keydata: [],
      keymessages: ['cloudwatch', 'events', 'logs', 's3'],
      keyhub: ['cloudwatch', 'events'],
    })
  })

  it.each(Object.entries(functions))('let %s use those of what it reads and writes, through the services', (name, spec) => {
    const [, lambda] = all(cell, 'AWS::Lambda::Function').find(([, { Description }]) => Description === `Cosell ${name}`) ?? []
    const [, role] = all(cell, 'AWS::IAM::Role').find(([id]) => id === lambda?.['Role']['Fn::GetAtt'][0]) ?? []
    const statements = policiesIn(role ?? {}).flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    const used = statements.filter(({ Action }) => text(Action).includes('kms:'))
    const { records, metrics, exports = {}, settlements = {}, queues } = spec.access
    const kinds = spec.triggers.map(({ kind }) => kind)
    const writes = [records, metrics].includes('write') || exports.write || settlements.write
    const reads = [records, metrics].includes('read') || exports.read || settlements.read || kinds.includes('stream')
    const sends = queues || kinds.includes('stream')
    expect(
      used.map(({ Resource, Action, Condition }) => [
        /key(\w+?)[0-9A-F]{8}/.exec(text(Resource))?.[1],
        text(Action).includes('GenerateDataKey'),
        Condition.StringEquals['kms:ViaService'].map((via: unknown) => /(\w+)\.eu-central-1/.exec(text(via))?.[1]).join(),
      ]),
    ).toEqual([
      ...(writes || reads ? [['data', Boolean(writes), 'dynamodb,s3']] : []),
      ...(sends || kinds.includes('queue') ? [['messages', Boolean(sends), 'sqs']] : []),
    ])
  })
})

describe('what lies and what travels', () => {
  it('take nothing without TLS, each by one policy', () => {
    for (const template of [...cell, hub]) {
      const policies = all(template, 'AWS::SQS::QueuePolicy').map(([, policy]) => policy)
      const covered = policies.flatMap(({ Queues }) => Queues.map(({ Ref }: Found) => Ref))
      expect(covered.sort()).toEqual(
        all(template, 'AWS::SQS::Queue')
          .map(([id]) => id)
          .sort(),
      )
      for (const { PolicyDocument } of policies)
        expect(PolicyDocument.Statement).toContainEqual(
          expect.objectContaining({
            Effect: 'Deny',
            Action: 'sqs:*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        )
    }
  })

  it.each(['AWS::S3::Bucket', 'AWS::SNS::Topic'])('is refused without TLS by each %s', (type) => {
    const policyType = type === 'AWS::S3::Bucket' ? 'AWS::S3::BucketPolicy' : 'AWS::SNS::TopicPolicy'
    for (const template of templates)
      for (const [id] of all(template, type)) {
        const policy = all(template, policyType).find(([, { Bucket, Topics }]) => text(Bucket ?? Topics).includes(`"${id}"`))
        const refused = policy?.[1]['PolicyDocument'].Statement.filter(({ Effect }: Found) => Effect === 'Deny')
        expect(text(refused), id).toContain('"aws:SecureTransport":"false"')
      }
  })

  it('is never public in a bucket', () => {
    for (const [id, { PublicAccessBlockConfiguration }] of all(cell, 'AWS::S3::Bucket')) {
      expect(Object.keys(PublicAccessBlockConfiguration), id).toHaveLength(4)
      expect(new Set(Object.values(PublicAccessBlockConfiguration)), id).toEqual(new Set([true]))
    }
  })

  it('cannot be deleted with a table by mistake', () => {
    for (const [id, { Replicas }] of all(cell, 'AWS::DynamoDB::GlobalTable'))
      expect(Replicas[0].DeletionProtectionEnabled, id).toBe(true)
  })

  it('stays in a log for half a year', () => {
    const logs = all(cell, 'AWS::Logs::LogGroup')
    expect(logs).toHaveLength(Object.keys(functions).length + 1)
    for (const [id, log] of logs) expect(log['RetentionInDays'], id).toBe(180)
  })

  it("rings a topic, which the account's alarms still may", () => {
    for (const template of [cell, [hub]]) {
      const [[, { PolicyDocument }] = ['', {} as Found]] = all(template, 'AWS::SNS::TopicPolicy')
      expect(PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
        }),
      )
    }
  })

  it('is reached by each function in a role of its own', () => {
    const roles = all(cell, 'AWS::Lambda::Function').map(([, { Role }]) => Role['Fn::GetAtt'][0])
    expect(new Set(roles).size).toBe(Object.keys(functions).length)
  })
})
