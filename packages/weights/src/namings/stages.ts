import type { Naming } from './naming.js'

/** The names of a file without prefix, each with its original, and the number of blocks in each stage if the names show it. */
export interface BareNames {
  readonly originals: ReadonlyMap<string, string>
  readonly repetitions: readonly number[] | null
}

/** Most blocks. No published MobileNetV2 has over 30. */
export const largestBlock = 256

/**
 * Numbers the blocks across stages, for a naming that numbers them within stages. Returns the names unchanged if the naming has no
 * stages, or if two names would become equal.
 */
export function flattenStages(originals: ReadonlyMap<string, string>, stages: Naming['stages']): BareNames {
  const unchanged = { originals, repetitions: null }
  if (stages === undefined) return unchanged
  const repetitions: number[] = []
  for (const name of originals.keys()) {
    const [, stage, block] = stages.pattern.exec(name) ?? []
    if (Number(stage) > largestBlock) return unchanged
    if (stage !== undefined) repetitions[Number(stage)] = Math.max(repetitions[Number(stage)] ?? 0, Number(block) + 1)
  }
  const total = repetitions.reduce((sum, count) => sum + count, 0)
  if (!(total <= largestBlock)) return unchanged
  const flat = new Map<string, string>()
  for (const [name, original] of originals) {
    const bare = name.replace(stages.pattern, (_, stage: string, block: string) =>
      stages.flat(repetitions.slice(0, Number(stage)).reduce((sum, count) => sum + count, 0) + Number(block)),
    )
    if (flat.has(bare)) return unchanged
    flat.set(bare, original)
  }
  return { originals: flat, repetitions: Array.from(repetitions, (count) => count ?? 0) }
}
