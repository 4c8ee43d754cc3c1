/** A place in bytes that moves on as they are read. */
export type Cursor = { bytes: Uint8Array; at: number }

/** A struct by the numbers of its fields; what is no number is of no use here and left out. */
export type Struct = { numbers: Map<number, number>; structs: Map<number, Struct> }

const [STOP, TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, STRUCT] = [0, 1, 2, 3, 7, 8, 9, 10, 12]

export const varint = (cursor: Cursor): number => {
  let [value, factor] = [0, 1]
  for (;;) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined) throw new RangeError('the file ends in the middle of a number')
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return value
    factor *= 128
  }
}

const zigzag = (cursor: Cursor): number => {
  const value = varint(cursor)
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

const skipList = (cursor: Cursor) => {
  const head = cursor.bytes[cursor.at++] ?? 0
  const size = head >> 4 === 15 ? varint(cursor) : head >> 4
  for (let i = 0; i < size; i++) value(cursor, head & 15)
}

const value = (cursor: Cursor, type: number): number | Struct | undefined => {
  switch (type) {
    case TRUE:
      return 1
    case FALSE:
      return 0
    case BYTE:
      return cursor.bytes[cursor.at++]
    case DOUBLE:
      cursor.at += 8
      return undefined
    case BINARY:
      cursor.at += varint(cursor)
      return undefined
    case LIST:
    case SET:
      return void skipList(cursor)
    case STRUCT:
      return readStruct(cursor)
    default:
      return zigzag(cursor)
  }
}

/** A struct in Thrift's compact protocol, in which Parquet writes the heads of its pages. */
export const readStruct = (cursor: Cursor): Struct => {
  const struct: Struct = { numbers: new Map(), structs: new Map() }
  for (let field = 0; ; ) {
    const head = cursor.bytes[cursor.at++]
    if (head === undefined) throw new RangeError('the file ends in the middle of a page head')
    if ((head & 15) === STOP) return struct
    field = head >> 4 === 0 ? zigzag(cursor) : field + (head >> 4)
    const found = value(cursor, head & 15)
    if (typeof found === 'number') struct.numbers.set(field, found)
    else if (found) struct.structs.set(field, found)
  }
}
