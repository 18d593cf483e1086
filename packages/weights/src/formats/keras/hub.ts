import { CheckpointError } from '../../checkpoint-error.js'
import type { KerasModel } from './model.js'

/** TensorFlow Hub's layer, of which a configuration states the address and not what is inside. */
const hubLayer = 'KerasLayer'

/** What the networks of TensorFlow Hub call their variables. */
const slimScope = /(^|\/)MobilenetV[12]\//

/** Whether a variable is one of a network of TensorFlow Hub, whose whole path is its name. */
export function isHubVariable(path: string): boolean {
  return slimScope.test(path)
}

/** Whether a model has a network of TensorFlow Hub as a layer. */
export function hasHubLayer({ calls }: KerasModel): boolean {
  return calls.some(({ className }) => className === hubLayer)
}

/** @throws CheckpointError always */
export function refuseHubLayer(): never {
  throw new CheckpointError('The model has a layer of TensorFlow Hub, and this file does not say what is inside of it.', {
    expected: 'the variables of a MobileNet under their names',
    got: `a ${hubLayer}`,
    remedy: 'Save the model as a SavedModel, which has the whole graph: model.save(folder, save_format="tf").',
  })
}
