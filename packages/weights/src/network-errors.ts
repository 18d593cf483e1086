import type { MobileNetV2Error } from '@mobilenetv2/spec'
import { CheckpointError } from './checkpoint-error.js'

/** For a network of which no source states the whole recipe. */
export function noRecipe(): CheckpointError {
  return new CheckpointError('Nothing says how pictures are prepared for this network.', {
    expected: 'geometry, interpolation, mean and deviation',
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
