import { type Beside, guardSiblings } from '../beside/beside.js'
import type { Checkpoint } from '../checkpoint.js'
import { type Budget, longestDescription } from '../formats/budget.js'
import { describingNames, type Wanted } from './beside-names.js'
import { type Facts, mergeFacts } from './facts.js'
import { type FoundFacts, type Logits, nothingFound } from './found-facts.js'
import { isTeachable, teachableFacts } from './teachable-fingerprint.js'

/** A file beside a checkpoint. */
export interface BesideFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Whether a file is a web page, which some servers send in place of a file that they do not have. */
function isPage(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 64)).trimStart().startsWith('<')
}

/** Reads those of the files that exist, in the order of `names`. All are requested at the same time. */
async function readAll(beside: Beside, names: readonly string[], budget: Budget): Promise<readonly BesideFile[]> {
  const read = guardSiblings(beside, budget)
  const contents = await Promise.all(names.map((name) => read(name, longestDescription, true)))
  return names.flatMap((name, index) => {
    const bytes = contents[index]
    return bytes == null || bytes.length > longestDescription || isPage(bytes) ? [] : [{ name, bytes }]
  })
}

/** How many names are requested first if the folder cannot be listed. */
const firstRequests = 2

/**
 * The facts in the files beside a checkpoint. If the folder cannot be listed, each name is a request. So the most usual names are requested
 * first, and the others only if labels are wanted that the first files do not have.
 */
async function readBeside(
  checkpoint: Checkpoint,
  beside: Beside,
  stated: Facts,
  wanted: Wanted,
  logits: Logits,
  budget: Budget,
): Promise<FoundFacts> {
  const understand = () => import('./sibling-facts.js')
  const names = describingNames(checkpoint.format, beside, wanted)
  const first = await readAll(beside, beside.names === null ? names.slice(0, firstRequests) : names, budget)
  const isEnough =
    beside.names !== null || !wanted.labels || (first.length > 0 && (await understand()).haveLabels(first, logits, budget))
  const files = isEnough ? first : [...first, ...(await readAll(beside, names.slice(firstRequests), budget))]
  return files.length === 0 ? nothingFound : (await understand()).describeFiles(checkpoint, files, stated, wanted, logits, budget)
}

/** The facts that a configuration file beside the checkpoint can state. */
const configured = ['size', 'geometry', 'interpolation', 'mean', 'deviation', 'activation', 'padding', 'batchNormEpsilon'] as const

/**
 * The facts that neither the tensors nor the file itself state. They come from files beside it, which are read only if they could state
 * something that is not known yet, and from names of layers that only one program gives.
 * @param stated the facts of the caller, of a publisher and of the file itself
 * @throws CheckpointError if a file says that the network is one that cannot be run
 * @throws the errors of reading
 */
export async function factsAround(checkpoint: Checkpoint, stated: Facts, logits: Logits, budget: Budget): Promise<FoundFacts> {
  const wanted = {
    labels: logits.count > 0 && stated.labels === undefined,
    recipe: configured.some((name) => stated[name] === undefined),
  }
  const { beside } = checkpoint
  const found =
    beside !== undefined && (wanted.labels || wanted.recipe)
      ? await readBeside(checkpoint, beside, stated, wanted, logits, budget)
      : nothingFound
  const size = stated.size ?? found.facts.size
  const teachable = size !== undefined && isTeachable(checkpoint) ? teachableFacts(size.value) : {}
  return { facts: mergeFacts([found.facts, teachable]), reasons: found.reasons }
}
