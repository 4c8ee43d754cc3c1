// Where quotes begin and end in CSV (RFC 4180): within quotes commas and line breaks are text, and a quote is written twice.

const COMMA = 0x2c
export const QUOTE = 0x22
export const UNCLOSED = 'a quote is opened and never closed'

/** The fields of a record with quotes; a text says why it is none. */
export const quotedFields = (record: string): string[] | string => {
  const fields: string[] = []
  let at = 0
  while (at <= record.length) {
    if (record.charCodeAt(at) !== QUOTE) {
      const comma = record.indexOf(',', at)
      const end = comma < 0 ? record.length : comma
      fields.push(record.slice(at, end))
      at = end + 1
      continue
    }
    const end = closingQuote(record, at)
    if (end < 0) return UNCLOSED
    if (end + 1 < record.length && record.charCodeAt(end + 1) !== COMMA)
      return 'text follows a closing quote: within quotes a quote is written twice'
    fields.push(record.slice(at + 1, end).replaceAll('""', '"'))
    at = end + 2
  }
  return fields
}

/** Where the quoted field that begins here ends: its closing quote, or −1. */
const closingQuote = (text: string, from: number): number => {
  let quote = text.indexOf('"', from + 1)
  while (quote >= 0 && text.charCodeAt(quote + 1) === QUOTE) quote = text.indexOf('"', quote + 2)
  return quote
}

/** The line break that ends a record with quotes, or −1 while it is not there. Only a quote that begins a field counts. */
export const endOfQuoted = (text: string, from: number): number => {
  for (let at = from; ; ) {
    if (text.charCodeAt(at) === QUOTE) {
      at = closingQuote(text, at) + 1
      if (at === 0) return -1
    }
    const newline = text.indexOf('\n', at)
    const comma = text.indexOf(',', at)
    if (comma < 0 || (newline >= 0 && newline < comma)) return newline
    at = comma + 1
  }
}
