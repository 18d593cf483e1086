/**
 * Characters that a terminal obeys or that make a text look like another one: controls (escape sequences begin with one), separators of
 * lines, and marks that turn the direction of writing.
 */
const commands = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** A text that comes from a file, a server or an argument, for a terminal: in one line, with such characters as `\u001b`. */
export function printable(text: string): string {
  return text.replace(commands, escaped)
}

/** The same, but what is in `kept` stays: the characters that a text of ours is made of, such as its line breaks. */
export function printableBut(kept: string, text: string): string {
  return text.replace(commands, (character) => (kept.includes(character) ? character : escaped(character)))
}

/** JSON without such characters. Its values are the same, as `\u009b` in a string of JSON is the character. */
export function printableJson(value: unknown, indent?: number): string {
  return printableBut('\n', JSON.stringify(value, null, indent))
}
