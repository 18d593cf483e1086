import { CheckpointError } from '../checkpoint-error.js'

/** Refuses a head that takes the average and the maximum of one map. */
export function refuseTwoPools(expected: string, got: string): never {
  throw new CheckpointError('The head takes two pools of the same map, as heads of fastai do.', {
    expected,
    got,
    remedy: 'Train the head on one pool: in fastai with concat_pool=False.',
  })
}
