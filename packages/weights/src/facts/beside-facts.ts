import type { Beside } from '../beside/beside.js'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { describingNames, type Wanted } from './beside-names.js'
import { type Description, silent } from './description.js'
import { type Facts, factsFrom, type InputSize, mergeFacts } from './facts.js'
import { type FoundFacts, type Logits, labelFacts, nothingFound } from './file-labels.js'
import { describeConfig, describePreprocessor, isConfig, isPreprocessor } from './hugging-face.js'
import { decodeText, labelsOfFile, longestDescription } from './label-file.js'
import { type PlainRecord, plainJson, recordOf } from './plain.js'
import { describeTeachable, isTeachable, isTeachableMetadata, teachableFacts } from './teachable-machine.js'
import { describeTimmConfig, isTimmConfig } from './timm-config.js'

/** The kinds of descriptions. The first one whose members a file has is the file's kind. */
const kinds: readonly { is(record: PlainRecord): boolean; describe(record: PlainRecord, reason: string): Description }[] = [
  { is: isTeachableMetadata, describe: describeTeachable },
  // transformers writes its own members beside timm's into the configuration of a wrapped timm model.
  { is: isTimmConfig, describe: describeTimmConfig },
  { is: isConfig, describe: describeConfig },
  { is: isPreprocessor, describe: describePreprocessor },
]

/** What one file says. */
interface Described {
  readonly name: string
  readonly bytes: Uint8Array
  readonly description: Description
}

/** What errors and reasons call a file beside the checkpoint. */
function besideName(name: string): string {
  return `${name.slice(0, 100)} beside the file`
}

function describe(name: string, bytes: Uint8Array): Described {
  const text = name.toLowerCase().endsWith('.json') && bytes.length <= longestDescription ? decodeText(bytes) : ''
  const record = text.trimStart().startsWith('{') ? recordOf(plainJson(text)) : null
  const kind = record && kinds.find(({ is }) => is(record))
  if (!record || !kind) return { name, bytes, description: silent }
  return { name, bytes, description: kind.describe(record, `${besideName(name)} says so`) }
}

/** Those of the files that are there, in the order of `names`. They are asked for all at the same time. */
async function readAll(beside: Beside, names: readonly string[]): Promise<readonly Described[]> {
  const contents = await Promise.all(names.map((name) => beside.read(name, longestDescription)))
  return names.flatMap((name, index) => {
    const bytes = contents[index]
    return bytes == null || bytes.length > longestDescription ? [] : [describe(name, bytes)]
  })
}

/** Refuses a state dict whose description is of another network than a MobileNet as published: the tensors alone cannot say whether it is. */
function refuseUnlike({ graph, file }: Checkpoint, { name, description: { unlike } }: Described): void {
  if (graph !== null || unlike === null) return
  throw new CheckpointError('The network is not a MobileNet as published, which is all that is run.', {
    file,
    expected: 'activation relu6 or relu, output stride 32',
    got: `${unlike} in ${besideName(name)}`,
  })
}

/** The facts of one description for an input of this size, and what was left out of it. */
function factsOf({ name, description }: Described, size: InputSize | null): FoundFacts {
  const { facts, geometry, leftOut, other } = description
  const from = besideName(name)
  if (other !== null) return { facts: {}, reasons: [`${from} left out: ${other}`] }
  const found = size === null ? null : (geometry?.(size) ?? null)
  const refused = found !== null && 'not' in found ? [`geometry left out: ${found.not}`] : []
  return {
    facts: { ...facts, ...(found !== null && !('not' in found) && factsFrom({ geometry: found }, `${from} says so`)) },
    reasons: [...leftOut, ...refused].map((clause) => `${clause} (${from})`),
  }
}

/** The labels in each file that is not about another model. */
function labelsIn(described: readonly Described[], logits: Logits): readonly FoundFacts[] {
  return described
    .filter(({ description: { other } }) => other === null)
    .map(({ name, bytes }) => labelFacts(labelsOfFile(bytes), logits, besideName(name)))
}

/** The names that are asked for first if the folder cannot be listed. */
const firstRequests = 2

/**
 * Those of the files that are there. If the folder cannot be listed, each name is a request, so the commonest names are asked for first,
 * and the others only if those files are not enough.
 */
async function readDescribed(
  beside: Beside,
  names: readonly string[],
  isEnough: (found: readonly Described[]) => boolean,
): Promise<readonly Described[]> {
  if (beside.names !== null) return readAll(beside, names)
  const first = await readAll(beside, names.slice(0, firstRequests))
  return isEnough(first) ? first : [...first, ...(await readAll(beside, names.slice(firstRequests)))]
}

/** What the files beside a checkpoint say. */
async function readBeside(
  checkpoint: Checkpoint,
  beside: Beside,
  stated: Facts,
  wanted: Wanted,
  logits: Logits,
): Promise<FoundFacts> {
  const described = await readDescribed(beside, describingNames(checkpoint.format, beside, wanted), (found) =>
    wanted.labels ? labelsIn(found, logits).some(({ facts }) => facts.labels !== undefined) : true,
  )
  const believed = described.filter(({ description: { other } }) => other === null)
  for (const each of believed) refuseUnlike(checkpoint, each)
  const sized = believed.find(({ description: { size } }) => size !== null)
  const size = sized?.description.size
  const sizeFacts = size ? factsFrom({ size }, `${besideName(sized!.name)} says so`) : {}
  const found = described.map((each) => factsOf(each, stated.size?.value ?? size ?? null))
  const labels = wanted.labels ? labelsIn(described, logits) : []
  const named = labels.find(({ facts }) => facts.labels !== undefined)
  return {
    facts: mergeFacts([sizeFacts, ...found.map(({ facts }) => facts), named?.facts ?? {}]),
    reasons: [...found, ...(named === undefined ? labels : [])].flatMap(({ reasons }) => reasons),
  }
}

/** The facts that a configuration beside the checkpoint can state. */
const configured = ['size', 'geometry', 'interpolation', 'mean', 'deviation', 'activation', 'padding', 'batchNormEpsilon'] as const

/**
 * What lies around a checkpoint and describes it: files beside it, which are read only if they could state what is not known yet, and
 * the names that one program gives to its layers.
 * @param stated what the caller, a publisher and the file itself state
 * @throws CheckpointError if a file says that the network is another than can be run; what reading throws
 */
export async function factsAround(checkpoint: Checkpoint, stated: Facts, logits: Logits): Promise<FoundFacts> {
  const wanted = {
    labels: logits.count > 0 && stated.labels === undefined,
    recipe: configured.some((name) => stated[name] === undefined),
  }
  const { beside } = checkpoint
  const found =
    beside !== undefined && (wanted.labels || wanted.recipe)
      ? await readBeside(checkpoint, beside, stated, wanted, logits)
      : nothingFound
  const size = stated.size ?? found.facts.size
  const teachable = size !== undefined && isTeachable(checkpoint) ? teachableFacts(size.value) : {}
  return { facts: mergeFacts([found.facts, teachable]), reasons: found.reasons }
}
