import { printable } from './printable.js'

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A text of a file or a model, for HTML. */
export function htmlText(value: string): string {
  return printable(value).replace(/[&<>"']/g, (character) => escapes[character]!)
}
