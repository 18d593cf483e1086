import type { MobileNetV2Error, Preprocessing } from '@mobilenetv2/spec'
import { CheckpointError } from './checkpoint-error.js'

/** The error for a network whose preprocessing no source states completely. */
export function noRecipe(): CheckpointError {
  return new CheckpointError('Nothing says how pictures are prepared for this network.', {
    expected: 'geometry, interpolation, mean and deviation',
    remedy: 'Give the option preprocessing.',
  })
}

/** The error for a preprocessing that is not possible. */
export function impossibleRecipe({ geometry, mean, deviation }: Preprocessing): CheckpointError {
  return new CheckpointError('The preprocessing that the file states is not possible.', {
    expected: 'sides of at most 65536 pixels, a fraction of at most 1, a mean and positive deviations of ordinary numbers',
    got: `${JSON.stringify(geometry)}, mean ${mean.join(', ')}, deviation ${deviation.join(', ')}`,
    remedy: 'Give the option preprocessing.',
  })
}

/** The error for a file whose network has options that the definition refuses. */
export function impossibleNetwork(file: string, error: MobileNetV2Error): CheckpointError {
  const { expected, got, where } = error.details
  return new CheckpointError('The network in this file is larger or smaller than a MobileNetV2 can be.', {
    file,
    expected: `${where}: ${expected}`,
    got,
    cause: error,
  })
}
