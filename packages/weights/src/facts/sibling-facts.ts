// The facts in files beside a checkpoint. This file is imported lazily, because often there are no such files.
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { Budget } from '../formats/budget.js'
import type { BesideFile } from './beside-facts.js'
import type { Wanted } from './beside-names.js'
import { type Description, silent } from './description.js'
import { type Facts, factsFrom, type InputSize, mergeFacts } from './facts.js'
import { labelFacts } from './file-labels.js'
import type { FoundFacts, Logits } from './found-facts.js'
import { describeConfig, describePreprocessor, isConfig, isPreprocessor } from './hugging-face.js'
import { decodeText, labelsOfFile } from './label-file.js'
import { type PlainRecord, plainJson, recordOf } from './plain.js'
import { describeTeachable, isTeachableMetadata } from './teachable-machine.js'
import { describeTimmConfig, isTimmConfig } from './timm-config.js'

/** The kinds of files. A file is of the first kind whose members it has. */
const kinds: readonly { is(record: PlainRecord): boolean; describe(record: PlainRecord, reason: string): Description }[] = [
  { is: isTeachableMetadata, describe: describeTeachable },
  // In the configuration of a wrapped timm model, transformers writes its own members beside timm's.
  { is: isTimmConfig, describe: describeTimmConfig },
  { is: isConfig, describe: describeConfig },
  { is: isPreprocessor, describe: describePreprocessor },
]

/** A file and its description. */
interface Described extends BesideFile {
  readonly description: Description
}

/** What errors and reasons call a file beside the checkpoint. */
function besideName(name: string): string {
  return `${name.slice(0, 100)} beside the file`
}

function describe({ name, bytes }: BesideFile, budget: Budget): Described {
  const text = name.toLowerCase().endsWith('.json') ? decodeText(bytes) : ''
  const record = text.trimStart().startsWith('{') ? recordOf(plainJson(text, budget)) : null
  const kind = record && kinds.find(({ is }) => is(record))
  if (!record || !kind) return { name, bytes, description: silent }
  return { name, bytes, description: kind.describe(record, `${besideName(name)} says so`) }
}

/**
 * Refuses a state dict if a file beside it describes another network than a MobileNet as published. The tensors alone could not show that.
 */
function refuseUnlike({ graph, file }: Checkpoint, { name, description: { unlike } }: Described): void {
  if (graph !== null || unlike === null) return
  throw new CheckpointError('The network is not a MobileNet as published, and cannot be run.', {
    file,
    expected: 'activation relu6 or relu, output stride 32',
    got: `${unlike} in ${besideName(name)}`,
  })
}

/** The facts of a description for an input of this size, and a reason for each fact that was left out. */
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

/** The labels in each file that does not describe another model. */
function labelsIn(described: readonly Described[], logits: Logits, budget: Budget): readonly FoundFacts[] {
  return described
    .filter(({ description: { other } }) => other === null)
    .map(({ name, bytes }) => labelFacts(labelsOfFile(bytes, budget), logits, besideName(name)))
}

/** Whether one of the files has labels for the classes. */
export function haveLabels(files: readonly BesideFile[], logits: Logits, budget: Budget): boolean {
  const described = files.map((file) => describe(file, budget))
  return labelsIn(described, logits, budget).some(({ facts }) => facts.labels !== undefined)
}

/**
 * The facts in the files beside a checkpoint.
 * @throws CheckpointError if a file says that the network is one that cannot be run
 */
export function describeFiles(
  checkpoint: Checkpoint,
  files: readonly BesideFile[],
  stated: Facts,
  wanted: Wanted,
  logits: Logits,
  budget: Budget,
): FoundFacts {
  const described = files.map((file) => describe(file, budget))
  const believed = described.filter(({ description: { other } }) => other === null)
  for (const each of believed) refuseUnlike(checkpoint, each)
  const sized = believed.find(({ description: { size } }) => size !== null)
  const size = sized?.description.size
  const sizeFacts = size ? factsFrom({ size }, `${besideName(sized!.name)} says so`) : {}
  const found = described.map((each) => factsOf(each, stated.size?.value ?? size ?? null))
  const labels = wanted.labels ? labelsIn(described, logits, budget) : []
  const named = labels.find(({ facts }) => facts.labels !== undefined)
  return {
    facts: mergeFacts([sizeFacts, ...found.map(({ facts }) => facts), named?.facts ?? {}]),
    reasons: [...found, ...(named === undefined ? labels : [])].flatMap(({ reasons }) => reasons),
  }
}
