import { type Checkpoint, type PlainValue, type StoredTensor, valueCount } from '../checkpoint.js'
import { type Facts, factsFrom } from '../facts/facts.js'
import { memberOf, recordOf } from '../facts/plain.js'
import { storedNumbers } from '../values.js'
import { splitName } from './modules.js'

type Triple = readonly [number, number, number]

/** How deep a transform may be nested in objects. */
const deepest = 8

/** The mean and deviation for values from 0 to 1; null if these numbers cannot be that. */
function plausible(mean: readonly number[], deviation: readonly number[]): readonly [mean: Triple, deviation: Triple] | null {
  if (mean.length !== 3 || deviation.length !== 3) return null
  // Some programs state them for values from 0 to 255.
  const unit = Math.max(...mean, ...deviation) > 2 ? 255 : 1
  const fits = mean.every((value) => value >= 0 && value <= unit) && deviation.every((value) => value > 0 && value <= unit)
  const scaled = (values: readonly number[]): Triple => values.map((value) => value / unit) as unknown as Triple
  return fits ? [scaled(mean), scaled(deviation)] : null
}

/** The values of a tensor that has one for each channel, rounded to the digits of a 32-bit float; empty for any other tensor. */
function channelValues(tensor: StoredTensor | undefined): number[] {
  const isReal = tensor?.dtype === 'float32' || tensor?.dtype === 'float64'
  return isReal && valueCount(tensor.shape) === 3 ? [...storedNumbers(tensor)].map((value) => Number(value.toPrecision(6))) : []
}

function numbersOf(value: PlainValue | undefined): number[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'number') : []
}

/** The first `Normalize` in the metadata of a file. */
function transformIn(value: PlainValue, depth = 0): readonly [mean: Triple, deviation: Triple] | null {
  if (typeof value !== 'object' || value === null || depth > deepest) return null
  const record = recordOf(value)
  const kind = memberOf(record, '__class__')
  if (typeof kind === 'string' && /(^|\.)Normalize$/.test(kind)) {
    return plausible(numbersOf(memberOf(record, 'mean')), numbersOf(memberOf(record, 'std')))
  }
  for (const child of Object.values(value)) {
    const found = transformIn(child, depth + 1)
    if (found !== null) return found
  }
  return null
}

/**
 * The mean and the deviation that a user's own network stores beside its layers: buffers such as `normalize.mean` and `normalize.std`, or
 * torchvision's `Normalize` in a pickled module or beside it.
 * @param isTraining whether a name belongs to something that only training needs
 */
export function normalizationOf({ tensors, metadata }: Checkpoint, isTraining: (name: string) => boolean): Facts {
  for (const [name, tensor] of tensors) {
    const [, part] = splitName(name)
    if (!/^(\w+_)?mean$/.test(part) || /^(running|moving)_mean$/.test(part) || isTraining(name)) continue
    const other = ['std', 'deviation']
      .map((word) => name.slice(0, name.length - 'mean'.length) + word)
      .find((each) => tensors.has(each))
    if (other === undefined) continue
    const found = plausible(channelValues(tensor), channelValues(tensors.get(other)))
    if (found === null) continue
    const [mean, deviation] = found
    return factsFrom({ mean, deviation }, `the buffers ${name} and ${splitName(other)[1].slice(0, 100)} in the file say so`)
  }
  const found = transformIn(metadata)
  if (found === null) return {}
  const [mean, deviation] = found
  return factsFrom({ mean, deviation }, 'the transform Normalize in the file says so')
}
