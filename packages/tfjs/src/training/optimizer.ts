import { checkOptionNames, choiceOption, refuseOption } from '@mobilenetv2/spec'
import { shareOption } from '../option-checks.js'
import type { TensorName } from './network.js'
import type { Schedule } from './schedule.js'

/** Stochastic gradient descent with momentum, as PyTorch's `SGD` computes it. */
export interface SgdOptions {
  /** `sgd`, which is the default. */
  readonly kind?: 'sgd' | undefined
  /** A number above 0, or a function that gives the learning rate of each step. */
  readonly learningRate: number | Schedule
  /** 0 to below 1; 0.9 unless given. */
  readonly momentum?: number | undefined
  /**
   * The share of every parameter, those of BatchNorm included, that is added to its gradient: 0 or more; 0.00004 unless given (section 6.1
   * of the paper).
   */
  readonly weightDecay?: number | undefined
}

/** Adam as PyTorch's `AdamW` computes it, with betas of 0.9 and 0.999 and an epsilon of 1e-8. */
export interface AdamOptions {
  readonly kind: 'adam'
  /** A number above 0, or a function that gives the learning rate of each step. */
  readonly learningRate: number | Schedule
  /** Decoupled weight decay: each step subtracts this share of every parameter, times the learning rate. 0 or more; 0 unless given. */
  readonly weightDecay?: number | undefined
}

/** The optimizer of a training. */
export type OptimizerOptions = SgdOptions | AdamOptions

/** A value that an optimizer remembers for each parameter: SGD its velocity, Adam its two moments. */
export type Slot = 'velocity' | 'firstMoment' | 'secondMoment'

/** The name of a slot of one tensor, such as `block1.expand.kernel.velocity`. */
export type SlotName = `${TensorName}.${Slot}`

/** An optimizer with its state. */
export interface Optimizer {
  /** The state. The slots of a parameter are added at its first update. */
  readonly slots: ReadonlyMap<SlotName, Float32Array>
  /**
   * Updates the parameter `values` in place.
   * @param step the number of the step, from 1
   */
  update(name: TensorName, values: Float32Array, gradient: Float32Array, rate: number, step: number): void
}

/** The slots that an optimizer has for each parameter. */
export function slotsOf({ kind = 'sgd' }: OptimizerOptions): readonly Slot[] {
  return kind === 'sgd' ? ['velocity'] : ['firstMoment', 'secondMoment']
}

/** @throws MobileNetV2Error `OPTION` if an option is unknown or out of its range */
export function checkOptimizerOptions(options: OptimizerOptions): void {
  checkOptionNames(options, ['kind', 'learningRate', 'weightDecay', ...(options?.kind === 'adam' ? [] : ['momentum'])])
  if (options.kind !== undefined) choiceOption('optimizer.kind', options.kind, ['sgd', 'adam'])
  const { learningRate, weightDecay = 0 } = options
  if (options.kind !== 'adam') shareOption('optimizer.momentum', options.momentum ?? 0)
  if (!(weightDecay >= 0 && weightDecay < Infinity)) refuseOption('optimizer.weightDecay', weightDecay, 'a number of 0 or more')
  if (typeof learningRate !== 'function' && !(learningRate > 0 && learningRate < Infinity)) {
    refuseOption('optimizer.learningRate', learningRate, 'a number above 0, or a function that gives it for each step')
  }
}

/**
 * Creates an optimizer.
 * @param kept the slots of a former training, which are copied
 */
export function createOptimizer(options: OptimizerOptions, kept: ReadonlyMap<SlotName, Float32Array>): Optimizer {
  const slots = new Map([...kept].map(([name, values]) => [name, values.slice()]))
  const slot = (name: TensorName, kind: Slot, length: number): Float32Array => {
    const found = slots.get(`${name}.${kind}`) ?? new Float32Array(length)
    slots.set(`${name}.${kind}`, found)
    return found
  }
  if (options.kind === 'adam') {
    const [first, second, epsilon] = [0.9, 0.999, 1e-8]
    const { weightDecay = 0 } = options
    return {
      slots,
      update(name, values, gradient, rate, step) {
        const firsts = slot(name, 'firstMoment', values.length)
        const seconds = slot(name, 'secondMoment', values.length)
        const [firstShare, secondShare] = [1 - first ** step, 1 - second ** step]
        for (let at = 0; at < values.length; at++) {
          const own = gradient[at]!
          const mean = first * firsts[at]! + (1 - first) * own
          const square = second * seconds[at]! + (1 - second) * own * own
          firsts[at] = mean
          seconds[at] = square
          const move = mean / firstShare / (Math.sqrt(square / secondShare) + epsilon)
          values[at] = values[at]! * (1 - rate * weightDecay) - rate * move
        }
      },
    }
  }
  const { momentum = 0.9, weightDecay = 4e-5 } = options
  return {
    slots,
    update(name, values, gradient, rate) {
      const velocities = slot(name, 'velocity', values.length)
      for (let at = 0; at < values.length; at++) {
        const velocity = momentum * velocities[at]! + gradient[at]! + weightDecay * values[at]!
        velocities[at] = velocity
        values[at] = values[at]! - rate * velocity
      }
    },
  }
}
