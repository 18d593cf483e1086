import type { Architecture } from '@mobilenetv2/spec'
import type { Augment, Variation } from './augment.js'
import { checkPicture, type Dataset } from './dataset.js'
import type { Entry, FrozenLayers } from './frozen.js'

/** How many more bytes may be cached. Several caches share one budget. */
export interface Budget {
  bytes: number
}

/** Gives a picture of a dataset as input of the trained layers: augmented if there is a variation, else unchanged. */
export type ReadEntry = (index: number, variation?: Variation) => Promise<Entry>

function bytesOf({ before, shortcuts }: Entry): number {
  return [...shortcuts.values()].reduce((sum, { byteLength }) => sum + byteLength, before.byteLength)
}

/** Runs pictures of a dataset through the frozen layers. The outputs for unchanged pictures are cached within the budget. */
export function createEntries(
  architecture: Architecture,
  dataset: Dataset,
  augment: readonly Augment[],
  frozen: FrozenLayers | null,
  budget: Budget,
): ReadEntry {
  const kept = new Map<number, Entry>()
  return async (index, variation) => {
    const found = variation === undefined ? kept.get(index) : undefined
    if (found !== undefined) return found
    let picture = await dataset.picture(index)
    checkPicture(architecture, picture, index)
    if (variation !== undefined && augment.length > 0) {
      for (const vary of augment) picture = await vary(picture, variation)
      checkPicture(architecture, picture, index)
    }
    const { pixels } = picture
    if (frozen === null) return { before: pixels, shortcuts: new Map() }
    const entry = await frozen.enter(pixels)
    const bytes = bytesOf(entry)
    if (variation === undefined && bytes <= budget.bytes) {
      budget.bytes -= bytes
      kept.set(index, entry)
    }
    return entry
  }
}
