import { CheckpointError } from '../checkpoint-error.js'

/**
 * Ends the reading where an operator takes what is neither an input of the graph, nor a constant, nor given by another operator.
 * @param name empty if it has none
 * @throws CheckpointError always
 */
export function refuseMissing(name: string): never {
  throw new CheckpointError('An operator of the graph takes what no other gives.', { got: name || 'nothing' })
}
