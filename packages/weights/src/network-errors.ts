import type { MobileNetV2Error, Preprocessing } from '@mobilenetv2/spec'
import { CheckpointError } from './checkpoint-error.js'

/** For a network of which no source states the whole recipe. */
export function noRecipe(): CheckpointError {
  return new CheckpointError('Nothing says how pictures are prepared for this network.', {
    expected: 'geometry, interpolation, mean and deviation',
    remedy: 'Give the option preprocessing.',
  })
}

/** For a recipe that no picture can be prepared by. */
export function impossibleRecipe({ geometry, mean, deviation }: Preprocessing): CheckpointError {
  return new CheckpointError('Pictures cannot be prepared for this network as the file says.', {
    expected: 'sides of at most 65536 pixels, a fraction of at most 1, a mean and positive deviations of ordinary numbers',
    got: `${JSON.stringify(geometry)}, mean ${mean.join(', ')}, deviation ${deviation.join(', ')}`,
    remedy: 'Give the option preprocessing.',
  })
}

/** For a file whose network has options that the definition refuses. */
export function impossibleNetwork(file: string, error: MobileNetV2Error): CheckpointError {
  const { expected, got, where } = error.details
  return new CheckpointError('The network in this file is larger or smaller than a MobileNetV2 can be.', {
    file,
    expected: `${where}: ${expected}`,
    got,
    cause: error,
  })
}
