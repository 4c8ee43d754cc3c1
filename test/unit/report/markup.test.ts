import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markup } from '../../../lib/report/markup.ts'
import { all, parseHtml, textOf } from '../../support/html.ts'

describe('markup', () => {
  it('escapes every text, in elements and in attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.string({ unit: 'grapheme-ascii' }), (inner, attribute) => {
        const [element] = all(parseHtml(markup`<p title="${attribute}">${inner}</p>`.markup))
        expect(element?.attributes).toEqual({ title: attribute })
        expect(element && textOf(element)).toBe(inner)
        expect(element?.inside.every((part) => typeof part === 'string')).toBe(true)
      }),
    )
  })
  it('takes markup as it is, joins lists, and leaves nothing of what is not there', () => {
    expect(markup`<ul>${['a', 'b & c'].map((item) => markup`<li>${item}</li>`)}</ul>${undefined}${7}`.markup).toBe(
      '<ul><li>a</li><li>b &amp; c</li></ul>7',
    )
  })
})

describe('the reader of markup that these tests use', () => {
  it.each([
    '<p>',
    '<p></div>',
    '</p>',
    '<p title=x></p>',
    '<p title="a" title="b"></p>',
    'a & b',
    '<p>a < b</p>',
    '<p title="<b>"></p>',
  ])('refuses %s', (html) => {
    expect(() => parseHtml(html)).toThrow()
  })
})
