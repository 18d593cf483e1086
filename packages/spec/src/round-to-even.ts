/** Added to a number of up to 2^51, it leaves no bits for a fraction. */
const shift = 1.5 * 2 ** 52

/** The nearest integer of a number of up to 2^51; of two that are as near, the even one. */
export function roundToEven(value: number): number {
  return value + shift - shift
}
