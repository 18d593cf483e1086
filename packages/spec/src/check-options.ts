import { MobileNetV2Error } from './errors.js'

/**
 * Refuses an option.
 * @param expected the values that the option may have
 * @throws MobileNetV2Error `OPTION`, always
 */
export function refuseOption(name: string, got: unknown, expected: string): never {
  const shown = typeof got === 'number' ? String(got) : (JSON.stringify(got) ?? String(got))
  throw new MobileNetV2Error('OPTION', `The option ${name} is out of its range.`, {
    where: `option ${name}`,
    expected,
    got: shown.length > 200 ? `${shown.slice(0, 200)}…` : shown,
  })
}

/**
 * Refuses options that are no object, and options of names that nothing reads: a misspelt option must not be ignored.
 * @param names the options that there are
 * @throws MobileNetV2Error `OPTION`
 */
export function checkOptionNames(options: object, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    refuseOption('object', options, 'an object of options')
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
