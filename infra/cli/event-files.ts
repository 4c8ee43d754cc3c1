import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { invalid } from '../../lib/core/errors.ts'

export type EventFile = { path: string; size: number }

export const isParquet = ({ path }: EventFile) => path.endsWith('.parquet')
export const isPacked = ({ path }: EventFile) => path.endsWith('.gz')

/** An unpacked event takes about ten times the room of a packed one. */
const PACKED = 10

/** How many bytes the events of a file take as lines, roughly. */
export const weightOf = (file: EventFile) => file.size * (isPacked(file) || isParquet(file) ? PACKED : 1)

/** The one file that a path names, or the Parquet files of the lake whose folder it is. */
export const filesAt = (path: string): EventFile[] => {
  if (!statSync(path).isDirectory()) return [{ path, size: statSync(path).size }]
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet'))
  if (names.length === 0)
    throw invalid(`${path}: there is no Parquet file in this folder: name the folder of a lake, or a file`, [])
  return names
    .sort()
    .map((name) => join(path, name))
    .map((file) => ({ path: file, size: statSync(file).size }))
}
