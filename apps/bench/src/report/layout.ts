import { element, escapeText } from './svg.js'

/** A heading, a sentence on what is shown, and what is shown; nothing where there is nothing to show. */
export function section(title: string, explanation: string, ...content: readonly string[]): string {
  if (content.every((part) => part === '')) return ''
  return element('section', {}, element('h2', {}, escapeText(title)), element('p', {}, escapeText(explanation)), ...content)
}

/** A chart or table in a frame. */
export function figure(caption: string, chart: string): string {
  return element('figure', {}, element('figcaption', {}, escapeText(caption)), chart)
}

/** What the colours mean: classes of the style sheet and their meaning. */
export function legend(...entries: readonly (readonly [string, string])[]): string {
  return element(
    'p',
    { class: 'legend' },
    ...entries.map(([name, text]) => element('span', {}, element('i', { class: `swatch ${name}` }), escapeText(text))),
  )
}
