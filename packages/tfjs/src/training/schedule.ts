import { checkOptionNames, positiveOption, refuseOption } from '@mobilenetv2/spec'
import { shareOption } from '../option-checks.js'

/** Where a training is before a step. */
export interface Moment {
  /** Steps done, of so many in all. */
  readonly step: number
  readonly total: number
  /** Passes over the dataset that are done. */
  readonly epoch: number
}

/** Gives the learning rate of each step: 0 or more. */
export type Schedule = (moment: Moment) => number

/**
 * A learning rate that rises in a straight line to its peak, and falls to 0 along half a cosine (Loshchilov and Hutter's SGDR without
 * restarts).
 * @param peak above 0
 * @param options.warmUp the share of the steps in which it rises: 0 to 1 (exclusive); 0.1 unless given
 * @throws MobileNetV2Error `OPTION` if an option is unknown or has a value that is not allowed
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
 * @throws MobileNetV2Error `OPTION` if the schedule gives no number of 0 or more
 */
export function rateOf(learningRate: number | Schedule, moment: Moment): number {
  const rate = typeof learningRate === 'number' ? learningRate : learningRate(moment)
  if (rate >= 0 && rate < Infinity) return rate
  return refuseOption('optimizer.learningRate', rate, `a number of 0 or more for step ${moment.step + 1}`)
}
