/** If a number of up to 2^51 is added to this one, the sum has no bits for a fraction. */
const shift = 1.5 * 2 ** 52

/**
 * The integer that is nearest to a number of up to 2^51; ties go to even.
 * @internal
 */
export function roundToEven(value: number): number {
  return value + shift - shift
}
