import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { namings } from '../namings/all-namings.js'
import { shown } from './choose-network.js'
import type { Attempt } from './find-networks.js'
import { refuseUnreadable } from './unreadable.js'

/** The first of some names, and how many more there are. */
export function some(names: readonly string[]): string {
  const [first] = names
  return first === undefined ? 'none' : `${first}${names.length > 1 ? ` and ${names.length - 1} more` : ''}`
}

/**
 * Refuses a network with squeeze-and-excitation layers, which their names show.
 * @throws CheckpointError if there are such layers
 */
export function checkSqueezes({ tensors }: Checkpoint): void {
  const name = [...tensors.keys()].find((tensor) => /squeeze_excite|(^|[._/])se([._/]|_\d)|\.block\.\d\.fc1\./.test(tensor))
  if (name === undefined) return
  throw new CheckpointError(
    'The network has squeeze-and-excitation layers: it is a MobileNetV3, MNASNet or EfficientNet, perhaps.',
    {
      tensor: name,
      expected: 'a MobileNetV2 or MobileNetV1',
      remedy: 'Only MobileNetV2 and MobileNetV1 are read.',
    },
  )
}

/** The share of a network that must be there for an error to list what is missing. */
const nearEnough = 0.5

/**
 * Throws the error for a file without a network that is read. It says what cannot be read, what is missing, or that the network is another
 * one.
 * @throws CheckpointError always
 */
export function refuseNames(checkpoint: Checkpoint, attempts: readonly Attempt[]): never {
  refuseUnreadable(checkpoint)
  const nearest = [...attempts].sort((left, right) => right.found - left.found)[0]
  if (nearest?.missing.length === 0) {
    throw new CheckpointError('The file holds a MobileNet with more convolutions after its blocks.', {
      expected: 'one last convolution in MobileNetV2, none in MobileNetV1',
      got: `others, after the prefix ${shown(nearest.body.prefix)}`,
      remedy: 'Export the network as ONNX, whose graph says how its layers follow each other.',
    })
  }
  if (nearest !== undefined && nearest.found / (nearest.found + nearest.missing.length) >= nearEnough) {
    const isGain = nearest.missing.every((name) => /(^|[./])(weight|bias)$/.test(name))
    const isPlain = isGain && nearest.missing.every((name) => checkpoint.tensors.has(name.replace(/\w+$/, 'running_var')))
    const statistics = nearest.missing.every((name) => /(running|moving)_(mean|var)/.test(name))
    throw new CheckpointError('The file holds a MobileNetV2 that is not whole: tensors are missing.', {
      expected: `all ${nearest.found + nearest.missing.length} tensors in the naming ${nearest.body.naming.name}`,
      got: `${nearest.found} of them; missing: ${some(nearest.missing)}`,
      remedy: isPlain
        ? 'Export the network as ONNX: a BatchNorm without weight and bias (affine=False) is read from a graph alone.'
        : statistics
          ? 'Save model.state_dict(), which has the statistics of BatchNorm; named_parameters() has not. GroupNorm and InstanceNorm are not read.'
          : 'Save the whole state dict of the model.',
    })
  }
  throw new CheckpointError('The tensors are not those of a MobileNetV2.', {
    expected: `names as in ${[...new Set(namings.map(({ name }) => name))].join(', ')}, or kernels in the order and with the shapes of a MobileNetV2`,
    got: `${checkpoint.tensors.size} tensors: ${some([...checkpoint.tensors.keys()])}`,
    remedy: 'Only MobileNetV2 and MobileNetV1 are read.',
  })
}
