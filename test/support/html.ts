/** An element with its attributes and what is in it, in order. */
export type Element = { tag: string; attributes: Record<string, string>; inside: (Element | string)[] }

const TOKEN =
  /<!doctype html>|<style>([^<]*)<\/style>|<\/([a-z][a-z\d]*)>|<([a-z][a-zA-Z\d]*)((?: [a-zA-Z\d:-]+="[^"<>]*")*)(\/?)>|([^<>]+)/gy
const VOID = ['meta', 'br']
const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }

const unescaped = (text: string) =>
  text.replace(/&[^;\s]*;?/g, (entity) => {
    const character = ENTITIES[entity]
    if (character === undefined) throw new Error(`${entity} is no entity`)
    return character
  })
const attributesOf = (text: string) => {
  const pairs = [...text.matchAll(/ ([a-zA-Z\d:-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescaped(value)])
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new Error(`an attribute comes twice in ${text}`)
  return Object.fromEntries(pairs)
}

/** Reads markup that is well formed without mercy: every element closed in order, every attribute in quotes; throws otherwise. */
export const parseHtml = (html: string): Element => {
  const root: Element = { tag: 'root', attributes: {}, inside: [] }
  const open = [root]
  let at = 0
  for (const [token, style, closed, tag, attributes = '', selfClosed, text] of html.matchAll(TOKEN)) {
    const parent = open.at(-1) ?? root
    at += token.length
    if (style !== undefined) parent.inside.push({ tag: 'style', attributes: {}, inside: [style] })
    if (text !== undefined) parent.inside.push(unescaped(text))
    if (closed !== undefined && open.pop()?.tag !== closed.toLowerCase()) throw new Error(`</${closed}> closes nothing at ${at}`)
    if (tag === undefined) continue
    const element: Element = { tag: tag.toLowerCase(), attributes: attributesOf(attributes), inside: [] }
    parent.inside.push(element)
    if (!selfClosed && !VOID.includes(tag)) open.push(element)
  }
  if (at < html.length) throw new Error(`no markup: ${html.slice(at, at + 60)}`)
  if (open.length > 1) throw new Error(`not closed: ${open.map(({ tag }) => tag)}`)
  return root
}

/** All elements of some tags below one, in the order of the document; all of them without tags. */
export const all = ({ inside }: Element, ...tags: string[]): Element[] =>
  inside.flatMap((part) => {
    if (typeof part === 'string') return []
    return [...(tags.length === 0 || tags.includes(part.tag) ? [part] : []), ...all(part, ...tags)]
  })

export const textOf = ({ inside }: Element): string =>
  inside.map((part) => (typeof part === 'string' ? part : textOf(part))).join('')
