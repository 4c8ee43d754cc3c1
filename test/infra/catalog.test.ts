import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { describe, expect, it } from 'vitest'
import { Catalog } from '../../infra/constructs/catalog.ts'
import { databaseNameOf, environmentOf } from '../../infra/environment.ts'
import { service } from '../../infra/service.ts'
import { exportTables, listKey } from '../../lib/exports/tables.ts'
import { folderOf } from '../../lib/lake/lake.ts'
import { eventTable } from '../../lib/lake/tables.ts'
import { all, type Found } from './template.ts'

process.env['CDK_VALIDATION'] = 'false'
const stack = new Stack(new App(), 'Test', { env: { account: '123456789012', region: 'eu-central-1' } })
new Catalog(stack, 'Catalog', { databaseName: 'cosell_test', bucket: new Bucket(stack, 'Bucket', { bucketName: 'files' }) })
const template = Template.fromStack(stack)

const tables: Record<string, Found> = Object.fromEntries(
  all(template, 'AWS::Glue::Table').map(([, { DatabaseName, TableInput }]) => [`${DatabaseName}.${TableInput.Name}`, TableInput]),
)
const tableOf = (name: string) => tables[`cosell_test.${name}`] ?? ({} as Found)
/** A text of the template whose only unknown is the name of the bucket. */
const resolved = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : (value as Found)['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'files')).join('')

describe('the catalogue', () => {
  it('has a database that SQL takes without quotes, and the tables of the service', () => {
    expect(all(template, 'AWS::Glue::Database').map(([, { DatabaseInput }]) => DatabaseInput.Name)).toEqual(['cosell_test'])
    expect(Object.keys(tables).sort()).toEqual(
      Object.keys(service.catalog)
        .sort()
        .map((name) => `cosell_test.${name}`),
    )
    const environments = { 'two-regions': { regions: ['eu-central-1'], issuer: 'https://a.example/', audience: ['x'] } }
    expect(databaseNameOf(environmentOf(environments))).toBe('cosell_two_regions')
  })

  it.each(Object.entries(service.catalog))('has each column of %s as its files do, with its meaning', (name, { columns }) => {
    const types = {
      text: 'string',
      month: 'string',
      integer: 'bigint',
      decimal: 'decimal(38,4)',
      boolean: 'boolean',
      date: 'date',
      instant: 'timestamp',
    }
    const found = tableOf(name)['StorageDescriptor'].Columns.map(({ Name, Type }: Found) => [Name, Type])
    expect(found).toEqual(columns.map((column) => [column.name, types[column.type]]))
    for (const { Comment } of tableOf(name)['StorageDescriptor'].Columns) expect(Comment.length).toBeGreaterThan(3)
  })

  it.each(Object.entries(service.catalog))('lets Athena find the partitions of %s by itself', (name, { partition }) => {
    const { Parameters, PartitionKeys } = tableOf(name)
    expect(PartitionKeys).toMatchObject([{ Name: partition.name, Type: partition.type === 'date' ? 'date' : 'string' }])
    expect(Parameters).toMatchObject({
      'projection.enabled': 'true',
      [`projection.${partition.name}.type`]: 'date',
      [`projection.${partition.name}.range`]: `${partition.from},NOW`,
    })
    // A column of the files by this name would be taken for the partition.
    expect(tableOf(name)['StorageDescriptor'].Columns.map(({ Name }: Found) => Name)).not.toContain(partition.name)
  })

  it('looks for events where the lake has them', () => {
    const { Parameters, StorageDescriptor } = tableOf('events')
    const day = '2026-03-01'
    expect(resolved(Parameters['storage.location.template']).replaceAll(`\${recorded_on}`, day)).toBe(
      `s3://files/${eventTable.folder}${folderOf(day)}`,
    )
    expect(StorageDescriptor.InputFormat).toBe('org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat')
    expect(Parameters['projection.recorded_on.format']).toBe('yyyy-MM-dd')
  })

  it.each(Object.entries(exportTables))('looks for the list of the files of %s where exports put it', (name, table) => {
    const { Parameters, StorageDescriptor } = tableOf(name)
    const folder = resolved(Parameters['storage.location.template']).replaceAll(`\${export_month}`, '2026-03')
    expect(`${folder}symlink.txt`).toBe(`s3://files/${listKey(table, '2026-03')}`)
    expect(StorageDescriptor.InputFormat).toBe('org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat')
    expect(Parameters['projection.export_month.interval.unit']).toBe('MONTHS')
  })
})
