import { Stack } from 'aws-cdk-lib'
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { ColumnDescription, ColumnType, FileTable } from '../../lib/core/column.ts'
import { service } from '../service.ts'

/** The columns as Hive calls their types. */
const HIVE_TYPES: Record<ColumnType, string> = {
  text: 'string',
  month: 'string',
  integer: 'bigint',
  decimal: 'decimal(38,4)',
  boolean: 'boolean',
  date: 'date',
  instant: 'timestamp',
}

const INPUT_FORMATS: Record<FileTable['holds'], string> = {
  files: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  list: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
}
const OUTPUT_FORMATS: Record<FileTable['holds'], string> = {
  files: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  list: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
}

const MAX_COMMENT = 255

const columnOf = ({ name, type, unit, description }: ColumnDescription) => ({
  name,
  type: HIVE_TYPES[type],
  comment: [description, ...(unit ? [unit] : [])].join('; ').slice(0, MAX_COMMENT),
})

const PROJECTED = {
  date: { format: 'yyyy-MM-dd', unit: 'DAYS' },
  month: { format: 'yyyy-MM', unit: 'MONTHS' },
}

/** Athena works out which partitions there are, so that nobody need tell Glue of new ones. */
const projectionOf = ({ name, type, from }: FileTable['partition'], location: string): Record<string, string> => ({
  'projection.enabled': 'true',
  [`projection.${name}.type`]: 'date',
  [`projection.${name}.range`]: `${from},NOW`,
  [`projection.${name}.format`]: PROJECTED[type].format,
  [`projection.${name}.interval`]: '1',
  [`projection.${name}.interval.unit`]: PROJECTED[type].unit,
  'storage.location.template': `${location}${name}=\${${name}}/`,
})

const tableInput = (name: string, { description, columns, folder, partition, holds }: FileTable, bucket: Bucket) => {
  const location = bucket.s3UrlForObject(folder)
  return {
    name,
    description,
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: [columnOf(partition)],
    parameters: { EXTERNAL: 'TRUE', classification: 'parquet', ...projectionOf(partition, location) },
    storageDescriptor: {
      location,
      columns: columns.map(columnOf),
      inputFormat: INPUT_FORMATS[holds],
      outputFormat: OUTPUT_FORMATS[holds],
      serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  }
}

/** The tables over the files of the exports bucket, for Athena and whatever else reads Glue's catalogue. */
export class Catalog extends Construct {
  constructor(scope: Construct, id: string, { databaseName, bucket }: { databaseName: string; bucket: Bucket }) {
    super(scope, id)
    const catalogId = Stack.of(this).account
    const database = new CfnDatabase(this, 'Database', { catalogId, databaseInput: { name: databaseName } })
    for (const [name, table] of Object.entries(service.catalog)) {
      const tableResource = new CfnTable(this, name, { catalogId, databaseName, tableInput: tableInput(name, table, bucket) })
      tableResource.addResourceDependency(database)
    }
  }
}
