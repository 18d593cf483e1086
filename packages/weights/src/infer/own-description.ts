import { defineMobileNetV2 } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { descriptionKey, type ModelDescription, readDescription } from '../model-description.js'
import { type Skeleton, sameBlocks, skeletonOf } from '../namings/skeleton.js'

function sameSkeleton(left: Skeleton, right: Skeleton): boolean {
  const same = (['stem', 'head', 'classes'] as const).every((part) => left[part] === right[part])
  return same && sameBlocks(left.blocks, right.blocks)
}

/**
 * The description that a file with this project's own names carries, checked against its tensors.
 * @throws CheckpointError where there is none, or one of another network
 */
export function ownDescription({ metadata }: Checkpoint, skeleton: Skeleton): ModelDescription {
  const json = metadata[descriptionKey]
  if (json === undefined) {
    throw new CheckpointError('The file has the names that toSafetensors writes, but no description of its model.', {
      expected: `${descriptionKey} in its metadata`,
      remedy: 'Keep the metadata when the file is changed.',
    })
  }
  const description = readDescription(json)
  const { options, backgroundClass, labels } = description
  const described = skeletonOf(defineMobileNetV2(options))
  if (!sameSkeleton(described, skeleton)) {
    throw new CheckpointError('The description in the file is not that of its tensors.', {
      expected: `${described.blocks.length} blocks, ${described.head} head channels, ${described.classes} classes`,
      got: `${skeleton.blocks.length} blocks, ${skeleton.head} head channels, ${skeleton.classes} classes`,
    })
  }
  const isClass =
    backgroundClass === null || (Number.isInteger(backgroundClass) && backgroundClass >= 0 && backgroundClass < described.classes)
  if (!isClass || (labels !== undefined && labels.length !== described.classes)) {
    throw new CheckpointError('The labels or the background class in the file are not those of its classes.', {
      expected: `${described.classes} labels, a class below that`,
      got: `${labels?.length ?? 'no'} labels, class ${backgroundClass}`,
    })
  }
  return description
}
