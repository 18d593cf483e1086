/**
 * Characters that a terminal obeys, or that make a text look different from what it is: control characters (escape sequences begin with
 * one), line separators, and marks that change the direction of writing.
 */
const commands = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Makes a text from a file, a server or an argument safe for a terminal: one line, with such characters written like `\u001b`. */
export function printable(text: string): string {
  return text.replace(commands, escaped)
}

/** As `printable`, but the characters in `kept` stay, such as the line breaks of a text that this project made. */
export function printableBut(kept: string, text: string): string {
  return text.replace(commands, (character) => (kept.includes(character) ? character : escaped(character)))
}

/** JSON without such characters. The values stay the same, because JSON reads `\u009b` in a string as the character. */
export function printableJson(value: unknown, indent?: number): string {
  return printableBut('\n', JSON.stringify(value, null, indent))
}
