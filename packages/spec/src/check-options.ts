import { type ErrorCode, MobileNetV2Error } from './errors.js'

/** A value in a message, at most 200 characters. Not every value has JSON: NaN, a function, an object that holds itself. */
function shown(value: unknown): string {
  try {
    const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
    return text.length > 200 ? `${text.slice(0, 200)}…` : text
  } catch {
    return typeof value
  }
}

/**
 * Refuses an option.
 * @param expected the values that the option may have
 * @param code `OPTION` unless given
 * @throws MobileNetV2Error of the code, always
 */
export function refuseOption(name: string, got: unknown, expected: string, code: ErrorCode = 'OPTION'): never {
  throw new MobileNetV2Error(code, `The value of the option ${name} is not allowed.`, {
    where: `option ${name}`,
    expected,
    got: shown(got),
  })
}

/**
 * Throws if `options` is not an object or has a name that is not in `names`. So a misspelt option is never ignored.
 * @param names the options that there are
 * @throws MobileNetV2Error `OPTION`
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

/** @throws MobileNetV2Error `OPTION` unless the value is an integer from `low` to `high` */
export function integerOption(name: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high) refuseOption(name, value, `an integer from ${low} to ${high}`)
  return value
}

/** @throws MobileNetV2Error `OPTION` unless the value is above 0 and at most `high` */
export function positiveOption(name: string, value: number, high: number): number {
  if (!(value > 0 && value <= high)) refuseOption(name, value, `a number above 0, at most ${high}`)
  return value
}

/** @throws MobileNetV2Error `OPTION` unless the value is one of the choices */
export function choiceOption<const Choice extends string>(name: string, value: unknown, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value)
  return found ?? refuseOption(name, value, `one of ${choices.join(', ')}`)
}

/** @throws MobileNetV2Error `OPTION` unless the value is undefined or of the type */
export function typeOption(name: string, value: unknown, type: 'boolean' | 'function' | 'string'): void {
  if (value !== undefined && typeof value !== type) refuseOption(name, value, `a ${type}`)
}

/** @throws MobileNetV2Error `OPTION` unless the value is undefined or an `AbortSignal`, of whatever realm */
export function signalOption(signal: unknown): void {
  if (signal === undefined || (typeof signal === 'object' && signal !== null && 'throwIfAborted' in signal)) return
  refuseOption('signal', signal, 'an AbortSignal')
}
