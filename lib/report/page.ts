import { draw } from './drawing.ts'
import { patterns } from './marks.ts'
import { type Markup, markup } from './markup.ts'
import type { Report } from './report.ts'
import type { Cell, Figure, Section, Table } from './section.ts'
import { STYLE } from './style.ts'
import { monthName } from './words.ts'

/** A page, and what it may load and do: nothing but its own style, of which `sha256` gives the digest in base64. */
export type Page = { html: string; policy: string }

const RATES = 'rates'

const mark = ({ extrapolated }: Cell) =>
  extrapolated ? markup`<sup><a href="#${RATES}" aria-label="† see the note on exchange rates">†</a></sup>` : undefined

const rowOf = ([name, ...cells]: Cell[]): Markup => markup`
<tr><th scope="row">${name?.text}${name && mark(name)}</th>${cells.map((cell) => markup`<td>${cell.text}${mark(cell)}</td>`)}</tr>`

const tableOf = ({ caption, head, rows }: Table): Markup => markup`
<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption><span>${caption}</span></caption>
<thead><tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(rowOf)}
</tbody></table></div>`

const figureOf = ({ title, says, chart, tables }: Figure): Markup => markup`
<figure><figcaption><h3>${title}</h3>${says.map((sentence) => markup`<p>${sentence}</p>`)}</figcaption>
${chart && draw(chart, `Chart: ${title}. Its numbers are in the table that follows.`)}
${tables.length > 0 ? markup`<details><summary>The numbers: ${title}</summary>${tables.map(tableOf)}</details>` : undefined}
</figure>`

const sectionOf = ({ id, title, method, figures }: Section): Markup => markup`
<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2><p class="method">${method}</p>${figures.map(figureOf)}</section>`

const factsOf = ({ facts }: Report): Markup =>
  markup`<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`

const notesOf = ({ notes, isExtrapolated }: Report): Markup => markup`
<section aria-labelledby="notes"><h2 id="notes">Before you read</h2><ul class="notes">${notes.map((note) => markup`<li>${note}</li>`)}
${isExtrapolated ? markup`<li id="${RATES}">† The amount, or one behind it, was converted with an exchange rate of a later day, because none was published on or before its own.</li>` : undefined}</ul></section>`

const keyFiguresOf = ({ keyFigures }: Report): Markup | undefined =>
  keyFigures.length === 0
    ? undefined
    : markup`
<section aria-labelledby="key-figures"><h2 id="key-figures">At a glance</h2><dl class="key-figures">${keyFigures.map(
        ({ name, value, detail }) => markup`<div><dt>${name}</dt><dd><strong>${value}</strong> <span>${detail}</span></dd></div>`,
      )}</dl></section>`

const contents = ({ sections }: Report): Markup => markup`
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`

/** The report as a page of its own: no scripts, nothing from elsewhere, for screens of any width, paper and screen readers. */
export const pageOf = (report: Report, sha256: (text: string) => string): Page => {
  const policy = `default-src 'none'; style-src 'sha256-${sha256(STYLE)}'; base-uri 'none'; form-action 'none'`
  const title = `Partner programme, ${monthName(report.period)}`
  const { markup: html } = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}"><style>${{ markup: STYLE }}</style></head>
<body>${patterns}
<header><p class="kind">Cosell metrics report</p><h1>${title}</h1>${factsOf(report)}</header>${contents(report)}
<main>${keyFiguresOf(report)}${notesOf(report)}${report.sections.map(sectionOf)}</main>
</body></html>
`
  return { html, policy }
}
