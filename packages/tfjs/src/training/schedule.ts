import { checkOptionNames, positiveOption, refuseOption } from '@mobilenetv2/spec'
import { shareOption } from '../option-checks.js'

/** How far a training has come before a step. */
export interface Moment {
  /** The number of finished steps. */
  readonly step: number
  /** The number of all steps. */
  readonly total: number
  /** The number of finished passes over the dataset. */
  readonly epoch: number
}

/** A learning rate schedule: gives the learning rate of each step, 0 or more. */
export type Schedule = (moment: Moment) => number

/**
 * A learning rate that rises linearly to `peak`, then falls to 0 along half a cosine (Loshchilov and Hutter, SGDR, arXiv 1608.03983,
 * without restarts).
 * @param peak the highest learning rate, above 0
 * @param options.warmUp the share of the steps in which it rises: 0 to below 1; 0.1 unless given
 * @throws MobileNetV2Error `OPTION` if an option is unknown or out of its range
 * @example
 * ```ts
 * import { cosine, type FineTuneOptions } from '@mobilenetv2/tfjs'
 *
 * const options: FineTuneOptions = { optimizer: { kind: 'adam', learningRate: cosine(1e-4, { warmUp: 0.05 }) } }
 * ```
 */
export function cosine(peak: number, options: { readonly warmUp?: number | undefined } = {}): Schedule {
  checkOptionNames(options, ['warmUp'])
  positiveOption('peak', peak, Number.MAX_VALUE)
  const share = shareOption('warmUp', options.warmUp ?? 0.1)
  return ({ step, total }) => {
    const rising = Math.ceil(share * total)
    if (step < rising) return (peak * (step + 1)) / rising
    return (peak * (1 + Math.cos((Math.PI * (step - rising)) / (total - rising)))) / 2
  }
}

/**
 * The learning rate of a step.
 * @throws MobileNetV2Error `OPTION` if the schedule gives anything but a number of 0 or more
 */
export function rateOf(learningRate: number | Schedule, moment: Moment): number {
  const rate = typeof learningRate === 'number' ? learningRate : learningRate(moment)
  if (rate >= 0 && rate < Infinity) return rate
  return refuseOption('optimizer.learningRate', rate, `a number of 0 or more for step ${moment.step + 1}`)
}
