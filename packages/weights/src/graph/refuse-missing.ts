import { CheckpointError } from '../checkpoint-error.js'

/**
 * Throws the error for an operator that takes something that is neither an input of the graph nor a constant, and that no operator gives.
 * @param name the name of what is missing; empty if it has none
 * @throws CheckpointError always
 */
export function refuseMissing(name: string): never {
  throw new CheckpointError('An operator of the graph takes an input that does not exist.', { got: name || 'nothing' })
}
