import { CheckpointError } from '../checkpoint-error.js'

/** What wrappers put before a model's own names: DataParallel, Lightning, torch.compile, a backbone in a larger module, a saved dictionary. */
const knownPrefix = /^(module|model|backbone|net|mobilenet_v2|timm_model|_orig_mod|state_dict)\./

/**
 * The names without the wrappers' prefixes, each with its original, and the prefixes that were dropped.
 * @throws CheckpointError if two names become one
 */
export function dropPrefixes(names: readonly string[]): {
  originals: ReadonlyMap<string, string>
  prefixes: readonly string[]
} {
  const originals = new Map<string, string>()
  const prefixes = new Set<string>()
  for (const name of names) {
    let bare = name
    for (let found = knownPrefix.exec(bare); found !== null; found = knownPrefix.exec(bare)) {
      prefixes.add(found[0])
      bare = bare.slice(found[0].length)
    }
    const other = originals.get(bare)
    if (other !== undefined) {
      throw new CheckpointError('Two tensors have one name once prefixes are dropped.', {
        expected: `one ${bare}`,
        got: `${other} and ${name}`,
      })
    }
    originals.set(bare, name)
  }
  return { originals, prefixes: [...prefixes] }
}
