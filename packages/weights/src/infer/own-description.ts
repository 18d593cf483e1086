import { defineMobileNetV2 } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { descriptionKey, type ModelDescription, readDescription } from '../model-description.js'
import { type Skeleton, sameBlocks, skeletonOf } from '../namings/skeleton.js'

function sameSkeleton(left: Skeleton, right: Skeleton): boolean {
  const same = (['stem', 'head', 'classes'] as const).every((part) => left[part] === right[part])
  return same && sameBlocks(left.blocks, right.blocks)
}

function summary({ blocks, head, classes }: Skeleton, denseLayers: number): string {
  return `${blocks.length} blocks, ${head} head channels, ${denseLayers} dense layers before ${classes} classes`
}

/** A dense layer's kernel, by its name after any prefix. */
const denseKernel = /(^|\.)dense\d+\.kernel$/

/**
 * The description that a file with this project's own names carries, checked against its tensors.
 * @throws CheckpointError where there is none, or one of another network
 */
export function ownDescription({ metadata, tensors }: Checkpoint, skeleton: Skeleton): ModelDescription {
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
  const dense = [...tensors.keys()].filter((name) => denseKernel.test(name)).length
  if (!sameSkeleton(described, skeleton) || dense !== described.hidden.length) {
    throw new CheckpointError('The description in the file is not that of its tensors.', {
      expected: summary(described, described.hidden.length),
      got: summary(skeleton, dense),
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
