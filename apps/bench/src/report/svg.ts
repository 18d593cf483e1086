/** Escapes text, so that it cannot end an element or an attribute. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

type Attributes = Readonly<Record<string, string | number>>

/** An element of HTML or SVG; `content` is markup already. */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => {
    const text = typeof value === 'number' ? String(Math.round(value * 100) / 100) : escapeText(value)
    return ` ${key}="${text}"`
  })
  return `<${name}${written.join('')}>${content.join('')}</${name}>`
}

/** A picture of `width` x `height` units that fills the width of the page; `label` is its text for screen readers. */
export function picture(className: string, width: number, height: number, label: string, ...content: readonly string[]): string {
  return element('svg', { class: className, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label }, ...content)
}

/** A line of text, with its class. */
export function textAt(x: number, y: number, className: string, text: string): string {
  return element('text', { x, y, class: className }, escapeText(text))
}

/** The element's tooltip. */
export function hint(text: string): string {
  return element('title', {}, escapeText(text))
}

/** Four or five round values, from 0 up to at least `largest`. */
export function ticks(largest: number): number[] {
  const rough = largest / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? 10 * power
  return Array.from({ length: Math.ceil(largest / step - 1e-9) + 1 }, (_, index) => index * step)
}
