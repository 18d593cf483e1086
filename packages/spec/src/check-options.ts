import { type ErrorCode, MobileNetV2Error } from './errors.js'

/** A value as a text of at most 200 characters, for a message. Some values have no JSON: NaN, a function, an object that holds itself. */
function shown(value: unknown): string {
  try {
    const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
    return text.length > 200 ? `${text.slice(0, 200)}…` : text
  } catch {
    return typeof value
  }
}

/**
 * Throws the error for a value that an option must not have.
 * @param got the value
 * @param expected the values that the option may have
 * @param code `OPTION` unless given
 * @throws MobileNetV2Error with that code, always
 * @internal
 */
export function refuseOption(name: string, got: unknown, expected: string, code: ErrorCode = 'OPTION'): never {
  throw new MobileNetV2Error(code, `The value of the option ${name} is not allowed.`, {
    where: `option ${name}`,
    expected,
    got: shown(got),
  })
}

/**
 * Checks that options are an object that has only known names, so that a misspelt option is never ignored.
 * @param names the options that there are
 * @throws MobileNetV2Error `OPTION` if `options` is not an object, or has a name that is not in `names`
 * @internal
 */
export function checkOptionNames(options: object, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new MobileNetV2Error('OPTION', 'The options must be an object.', { where: 'options', got: shown(options) })
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new MobileNetV2Error('OPTION', `There is no option ${unknown}.`, {
    where: `option ${unknown}`,
    expected: names.length === 0 ? 'no options' : `only ${names.join(', ')}`,
  })
}

/**
 * Checks an option whose value is an integer.
 * @throws MobileNetV2Error `OPTION` unless the value is an integer from `low` to `high`
 * @internal
 */
export function integerOption(name: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high) refuseOption(name, value, `an integer from ${low} to ${high}`)
  return value
}

/**
 * Checks an option whose value is a number above 0.
 * @throws MobileNetV2Error `OPTION` unless the value is above 0 and at most `high`
 * @internal
 */
export function positiveOption(name: string, value: number, high: number): number {
  if (!(value > 0 && value <= high)) refuseOption(name, value, `a number above 0, at most ${high}`)
  return value
}

/**
 * Checks an option whose value is one of several texts.
 * @throws MobileNetV2Error `OPTION` unless the value is one of the choices
 * @internal
 */
export function choiceOption<const Choice extends string>(name: string, value: unknown, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value)
  return found ?? refuseOption(name, value, `one of ${choices.join(', ')}`)
}

/**
 * Checks an option that may be missing and has a value of one type.
 * @throws MobileNetV2Error `OPTION` unless the value is undefined or of the type
 * @internal
 */
export function typeOption(name: string, value: unknown, type: 'boolean' | 'function' | 'string'): void {
  if (value !== undefined && typeof value !== type) refuseOption(name, value, `a ${type}`)
}

/**
 * Checks the option `signal`. A signal of another realm (an iframe, jsdom) is accepted too.
 * @throws MobileNetV2Error `OPTION` unless the value is undefined or an `AbortSignal`
 * @internal
 */
export function signalOption(signal: unknown): void {
  if (signal === undefined || (typeof signal === 'object' && signal !== null && 'throwIfAborted' in signal)) return
  refuseOption('signal', signal, 'an AbortSignal')
}
