import { CheckpointError } from '../../checkpoint-error.js'
import type { KerasModel } from './model.js'

/** The layer of TensorFlow Hub. Its configuration states an address, but not the network inside it. */
const hubLayer = 'KerasLayer'

/** The scope of variables in networks of TensorFlow Hub. */
const slimScope = /(^|\/)MobilenetV[12]\//

/** Whether a variable belongs to a network of TensorFlow Hub. Its whole path is its name then. */
export function isHubVariable(path: string): boolean {
  return slimScope.test(path)
}

/** Whether a model has a network of TensorFlow Hub as a layer. */
export function hasHubLayer({ calls }: KerasModel): boolean {
  return calls.some(({ className }) => className === hubLayer)
}

/** @throws CheckpointError always */
export function refuseHubLayer(): never {
  throw new CheckpointError('The model has a layer of TensorFlow Hub, and this file does not say what is inside it.', {
    expected: 'the variables of a MobileNet under their names',
    got: `a ${hubLayer}`,
    remedy: 'Save the model as a SavedModel, which has the whole graph: model.save(folder, save_format="tf").',
  })
}
