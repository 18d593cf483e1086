import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { descriptionKey } from '../description-key.js'
import { usualFacts } from '../facts/usual-facts.js'
import { namings } from '../namings/all-namings.js'
import { chooseNaming } from '../namings/choose-naming.js'
import type { CheckpointMatch } from './match-checkpoint.js'
import { nameLayers, skeletonOfNames } from './named-layers.js'
import { optionsOfShapes } from './options-of-shapes.js'

/** A tensor of every file that `toSafetensors` writes, and of no other. */
const ownTensor = 'block1.depthwise.kernel'

/**
 * A match by the names of the tensors. Such a file states nothing but the shapes of its tensors.
 * @throws CheckpointError if no naming fits, or if the names are those of this project's own files, which need a description
 */
export function matchNames(checkpoint: Checkpoint): CheckpointMatch {
  if (checkpoint.tensors.has(ownTensor)) {
    throw new CheckpointError('The file has the names that toSafetensors writes, but no description of its model.', {
      expected: `${descriptionKey} in its metadata`,
      remedy: 'Keep the metadata when the file is changed.',
    })
  }
  const named = chooseNaming(checkpoint, namings)
  const { naming, prefixes } = named
  const skeleton = skeletonOfNames(checkpoint, named)
  const { options, reasons } = optionsOfShapes(skeleton)
  const without = prefixes.length === 0 ? '' : ` (without the prefix ${prefixes.join(', ')})`
  return {
    options,
    classes: skeleton.classes,
    naming: naming.name,
    conventions: (known) => usualFacts(naming, known.size, skeleton.classes),
    facts: {},
    reasons: [`naming ${naming.name}: every name it gives is in the file, and no other${without}`, ...reasons],
    tensorsOf: (architecture) => nameLayers(named, architecture),
  }
}
