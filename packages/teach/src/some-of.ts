/** At most `most` of the pictures, in which each class has about the same share as in all. */
export function someOf(pictures: Uint32Array, labels: readonly number[], most: number): Uint32Array {
  if (pictures.length <= most) return pictures
  const byClass = pictures.toSorted((one, other) => labels[one]! - labels[other]!)
  return Uint32Array.from({ length: most }, (_, at) => byClass[Math.floor((at * byClass.length) / most)]!)
}
