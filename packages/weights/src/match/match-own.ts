import { defineMobileNetV2 } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { stateAll } from '../facts/facts.js'
import { descriptionKey, type ModelDescription, readDescription } from '../model-description.js'
import type { NamedNetwork } from '../namings/choose-naming.js'
import type { CheckpointMatch } from './match-checkpoint.js'
import { nameLayers } from './match-names.js'
import { type Skeleton, sameBlocks, skeletonOf } from './skeleton.js'

/** A dense layer's kernel, by its name after any prefix. */
const denseKernel = /(^|\.)dense\d+\.kernel$/

function summary({ blocks, head, classes }: Skeleton, denseLayers: number): string {
  return `${blocks.length} blocks, ${head} head channels, ${denseLayers} dense layers before ${classes} classes`
}

/**
 * The description that a file with this project's own names carries, checked against its tensors.
 * @throws CheckpointError if there is none, or one of another network
 */
function ownDescription({ metadata, tensors }: Checkpoint, skeleton: Skeleton): ModelDescription {
  const json = metadata[descriptionKey]
  if (json === undefined) {
    throw new CheckpointError('The file has the names that toSafetensors writes, but no description of its model.', {
      expected: `${descriptionKey} in its metadata`,
      remedy: 'Keep the metadata when the file is changed.',
    })
  }
  const description = readDescription(json)
  const described = skeletonOf(defineMobileNetV2(description.options))
  const dense = [...tensors.keys()].filter((name) => denseKernel.test(name)).length
  const same = (['stem', 'head', 'classes'] as const).every((part) => described[part] === skeleton[part])
  if (!same || !sameBlocks(described.blocks, skeleton.blocks) || dense !== described.hidden.length) {
    throw new CheckpointError('The description in the file is not that of its tensors.', {
      expected: summary(described, described.hidden.length),
      got: summary(skeleton, dense),
    })
  }
  const { background, labels } = description
  const isClass = background === null || (Number.isInteger(background) && background >= 0 && background < described.classes)
  if (!isClass || (labels !== undefined && labels.length !== described.classes)) {
    throw new CheckpointError('The labels or the background class in the file are not those of its classes.', {
      expected: `${described.classes} labels, a class below that`,
      got: `${labels?.length ?? 'no'} labels, class ${background}`,
    })
  }
  return description
}

/**
 * The match of a file that this project wrote: its metadata describe the model.
 * @throws CheckpointError if they are missing, or describe another network
 */
export function matchOwn(checkpoint: Checkpoint, named: NamedNetwork, skeleton: Skeleton): CheckpointMatch {
  const { options, preprocessing, labels, background, output } = ownDescription(checkpoint, skeleton)
  return {
    options,
    classes: skeleton.classes,
    naming: 'mobilenetv2',
    conventions: null,
    facts: stateAll({ ...preprocessing, labels, background, output }, "the file's metadata say so"),
    reasons: ['naming mobilenetv2: this project wrote the file, and its metadata describe the network'],
    tensorsOf: (architecture) => nameLayers(named, architecture),
  }
}
