import { defineMobileNetV2 } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { fitsLogits } from '../facts/classes.js'
import { factsFrom } from '../facts/facts.js'
import { type ModelDescription, readDescription } from '../model-description.js'
import { chooseNaming } from '../namings/choose-naming.js'
import { mobilenetv2Naming } from '../namings/mobilenetv2.js'
import type { CheckpointMatch } from './match-checkpoint.js'
import { nameLayers, skeletonOfNames } from './named-layers.js'
import { type Skeleton, sameBlocks, skeletonOf } from './skeleton.js'

/** A dense layer's kernel, by its name after any prefix. */
const denseKernel = /(^|\.)dense\d+\.kernel$/

function summary({ blocks, head, classes }: Skeleton, denseLayers: number): string {
  return `${blocks.length} blocks, ${head} head channels, ${denseLayers} dense layers before ${classes} classes`
}

/**
 * The description that the file carries, checked against its tensors.
 * @throws CheckpointError if it is damaged, or describes another network
 */
function checkedDescription(json: string, { tensors }: Checkpoint, skeleton: Skeleton): ModelDescription {
  const description = readDescription(json)
  const described = skeletonOf(defineMobileNetV2(description.options))
  const dense = [...tensors.keys()].filter((name) => denseKernel.test(name)).length
  const same = (['stem', 'head', 'classes'] as const).every((part) => described[part] === skeleton[part])
  if (!same || !sameBlocks(described.blocks, skeleton.blocks) || dense !== described.hidden.length) {
    throw new CheckpointError('The description in the file does not match its tensors.', {
      expected: summary(described, described.hidden.length),
      got: summary(skeleton, dense),
    })
  }
  const { background, labels } = description
  const isClass = background === null || (Number.isInteger(background) && background >= 0 && background < described.classes)
  if (!isClass || (labels !== undefined && !fitsLogits(labels, described.classes))) {
    throw new CheckpointError('The labels or the background class in the file do not match its classes.', {
      expected: `${described.classes} labels, a class below that`,
      got: `${labels?.length ?? 'no'} labels, class ${background}`,
    })
  }
  return description
}

/**
 * The match of a file that this project wrote.
 * @param json the description of the network in the file's metadata
 * @throws CheckpointError if the description is damaged, or is that of another network
 */
export function matchOwn(checkpoint: Checkpoint, json: string): CheckpointMatch {
  const named = chooseNaming(checkpoint, [mobilenetv2Naming])
  const skeleton = skeletonOfNames(checkpoint, named)
  const { options, preprocessing, labels, background, output } = checkedDescription(json, checkpoint, skeleton)
  return {
    options,
    classes: skeleton.classes,
    naming: 'mobilenetv2',
    conventions: () => ({}),
    facts: factsFrom({ ...preprocessing, labels, background, output }, "the file's metadata say so"),
    reasons: ['naming mobilenetv2: this project wrote the file, and its metadata describe the network'],
    tensorsOf: (architecture) => nameLayers(named, architecture),
  }
}
