import { element, escapeText } from './svg.js'

/** A heading, an explanation and the content; an empty string if there is no content. */
export function section(title: string, explanation: string, ...content: readonly string[]): string {
  if (content.every((part) => part === '')) return ''
  return element('section', {}, element('h2', {}, escapeText(title)), element('p', {}, escapeText(explanation)), ...content)
}

/** A chart or table in a frame. */
export function figure(caption: string, chart: string): string {
  return element('figure', {}, element('figcaption', {}, escapeText(caption)), chart)
}

/** The meaning of the colours; each entry is a class of the style sheet and its meaning. */
export function legend(...entries: readonly (readonly [string, string])[]): string {
  return element(
    'p',
    { class: 'legend' },
    ...entries.map(([name, text]) => element('span', {}, element('i', { class: `swatch ${name}` }), escapeText(text))),
  )
}
