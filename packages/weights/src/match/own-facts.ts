import { CheckpointError } from '../checkpoint-error.js'
import { type Facts, factsFrom } from '../facts/facts.js'
import { fitsLogits } from '../facts/label-counts.js'
import type { ModelDescription } from '../model-description.js'

/**
 * The facts in the description of a file that this project wrote, except the options.
 * @param classes length of the logits
 * @throws CheckpointError if the labels or the background class belong to another classifier
 */
export function ownFacts({ preprocessing, labels, background, output }: ModelDescription, classes: number): Facts {
  const isClass = background === null || (Number.isInteger(background) && background >= 0 && background < classes)
  if (!isClass || (labels !== undefined && !fitsLogits(labels, classes))) {
    throw new CheckpointError('The labels or the background class in the file do not match its classes.', {
      expected: `${classes} labels, a class below that`,
      got: `${labels?.length ?? 'no'} labels, class ${background}`,
    })
  }
  return factsFrom({ ...preprocessing, labels, background, output }, "the file's metadata say so")
}

/** How a file that this project wrote was recognised. */
export const ownReason = 'naming mobilenetv2: this project wrote the file, and its metadata describe the network'
