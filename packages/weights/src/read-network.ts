import {
  type Architecture,
  checkOptionNames,
  type DefinitionOptions,
  defineMobileNetV2,
  type LayerId,
  type LayerParameters,
  MobileNetV2Error,
  type Preprocessing,
} from '@mobilenetv2/spec'
import type { Checkpoint } from './checkpoint.js'
import { CheckpointError, inFile } from './checkpoint-error.js'
import type { Overrides } from './facts/caller-facts.js'
import { classesOf, type UsualLabels } from './facts/classes.js'
import { describeFacts } from './facts/describe-facts.js'
import type { DescribedFacts } from './facts/described-facts.js'
import { type Facts, mergeFacts } from './facts/facts.js'
import type { InputRanges } from './facts/input-range.js'
import { isPossible } from './facts/possible-recipe.js'
import { type Budget, openBudget } from './formats/budget.js'
import { type CheckpointMatch, matchCheckpoint } from './match/match-checkpoint.js'
import type { LayerTensorNames } from './namings/naming.js'
import type { Network } from './network.js'
import { type ReadCheckpointOptions, readCheckpoint, readOptionNames } from './read-checkpoint.js'
import type { ByteSource } from './read-source.js'
import type { FoundIntegers } from './to-integers.js'
import { toParameters } from './to-parameters.js'

/** What `toNetwork` takes beside a checkpoint. */
export interface ToNetworkOptions extends Overrides {
  /** What others say about the network, such as its publisher, the most trusted one first. They are believed before the file. */
  readonly stated?: readonly Facts[] | undefined
  /** Names classes that nothing else names. */
  readonly usualLabels?: UsualLabels | undefined
}

/** What `readNetwork` takes beside the bytes. */
export type ReadNetworkOptions = ReadCheckpointOptions & ToNetworkOptions

const overrideNames = ['labels', 'preprocessing', 'output', 'architecture', 'weights'] as const

const networkOptionNames: readonly (keyof ToNetworkOptions)[] = [...overrideNames, 'stated', 'usualLabels']

/** The caller's options as facts, checked. The check is imported only if there are any. */
async function overridesOf(options: ToNetworkOptions): Promise<Facts> {
  if (overrideNames.every((name) => options[name] === undefined)) return {}
  return (await import('./facts/caller-facts.js')).callerFacts(options)
}

/**
 * What a file says beside its tensors, and what lies around it. A file of this project's own states everything, so the code that
 * understands others is imported only for them.
 */
async function describedFacts(
  checkpoint: Checkpoint,
  match: CheckpointMatch,
  stated: readonly Facts[],
  budget: Budget,
): Promise<DescribedFacts> {
  if (match.naming !== 'mobilenetv2') return (await import('./of-others.js')).describeFile(checkpoint, match, stated, budget)
  return { own: { facts: match.facts, reasons: [] }, around: { facts: {}, reasons: [] } }
}

/** Whether a pool is stated that is another than the options have. A head on a flattened map has none, whatever is stated. */
function isOtherPool({ pool: own = 'average' }: DefinitionOptions, stated: DefinitionOptions['pool']): boolean {
  return stated !== undefined && stated !== 'none' && own !== 'none' && stated !== own
}

/** Expands options into layers. What defines a MobileNetV1 is imported only for one. */
async function define(options: DefinitionOptions): Promise<Architecture> {
  if (options.family === 'MobileNetV1') return (await import('./define-v1.js')).defineV1(options)
  const { family, ...rest } = options
  return defineMobileNetV2(rest)
}

/** The preprocessing; some source has to state each part of it, and pictures must be able to be prepared so. */
async function recipeOf({ geometry, interpolation, mean, deviation }: Facts): Promise<Preprocessing> {
  if (!geometry || !interpolation || !mean || !deviation) throw (await import('./of-others.js')).noRecipe()
  const recipe = { geometry: geometry.value, interpolation: interpolation.value, mean: mean.value, deviation: deviation.value }
  if (!isPossible(recipe)) throw (await import('./of-others.js')).impossibleRecipe(recipe)
  return recipe
}

/**
 * Runs work that depends on the file alone, and on which of its networks is asked for. Each error of this project in it becomes a
 * `CheckpointError` that names the file, but for that of the option.
 */
async function blameFile<Result>(file: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CheckpointError) throw inFile(error, file)
    if (!(error instanceof MobileNetV2Error) || error.details.where === 'option weights') throw error
    throw (await import('./of-others.js')).impossibleNetwork(file, error)
  }
}

/** What is known of the range of the input, if the file is not this project's own. */
async function rangesOf(
  checkpoint: Checkpoint,
  { naming }: CheckpointMatch,
  tensors: LayerTensorNames,
  stem: LayerParameters,
): Promise<InputRanges> {
  if (naming === 'mobilenetv2') return { plain: {}, statistics: {} }
  return (await import('./of-others.js')).inputRanges(checkpoint, tensors, stem)
}

/** The integers of a quantised file, and why there are none. What makes them is imported only for one. */
async function integersOf(
  { integers: stored }: Checkpoint,
  tensors: ReadonlyMap<LayerId, LayerTensorNames>,
  architecture: Architecture,
  preprocessing: Preprocessing,
  budget: Budget,
): Promise<FoundIntegers> {
  if (stored === undefined) return { integers: null, reasons: [] }
  return (await import('./to-integers.js')).toIntegers(stored, tensors, architecture, preprocessing, budget)
}

/**
 * Works out which MobileNetV2 a checkpoint holds, how its pictures are prepared and what its classes are called, and folds its weights.
 * If several sources state the same fact, the first of this order is believed: the caller's options; `stated`; the file; the size of its
 * first kernel; the files beside it; the statistics of its first BatchNorm; the defaults of the framework and publisher that the file's
 * format or tensor names point to. `reasons` says for each fact who stated it.
 * @throws CheckpointError if the file is no MobileNetV2; MobileNetV2Error `OPTION` if an option does not fit it
 */
export async function toNetwork(stored: Checkpoint, options: ToNetworkOptions = {}): Promise<Network> {
  checkOptionNames(options, networkOptionNames)
  const stated = [await overridesOf(options), ...(options.stated ?? [])]
  const { file, format } = stored
  const budget = openBudget(stored.size ?? (await import('./of-others.js')).sizeOf(stored))
  const match = await blameFile(file, () =>
    matchCheckpoint(
      stored,
      {
        weights: options.weights,
        pool: options.architecture?.pool,
        headActivation: options.architecture?.headActivation,
      },
      budget,
    ),
  )
  const { checkpoint = stored } = match
  const { own, around } = await describedFacts(checkpoint, match, stated, budget)
  const known = mergeFacts([...stated, own.facts, around.facts])
  const conventions = match.conventions(known)
  const { size, stemStride, activation, padding, batchNormEpsilon, bottleneckActivation, residual, pool } = mergeFacts([
    known,
    conventions,
  ])
  const definition: DefinitionOptions = {
    ...match.options,
    ...size?.value,
    ...(stemStride && stemStride.value !== (match.options.stemStride ?? 2) && { stemStride: stemStride.value }),
    ...(activation && activation.value !== (match.options.activation ?? 'relu6') && { activation: activation.value }),
    ...(padding && { padding: padding.value }),
    ...(batchNormEpsilon && { batchNormEpsilon: batchNormEpsilon.value }),
    ...(bottleneckActivation && { bottleneckActivation: bottleneckActivation.value }),
    ...(residual && { residual: residual.value }),
    ...(isOtherPool(match.options, pool?.value) && { pool: pool!.value }),
  }
  // The caller's architecture can be at fault as well as the file.
  const architecture = await (options.architecture === undefined ? blameFile(file, () => define(definition)) : define(definition))
  const { parameters, batchNorms, tensors, ranges } = await blameFile(file, async () => {
    const tensors = match.tensorsOf(architecture)
    const folded = await toParameters(checkpoint, tensors, architecture, budget)
    const stem = folded.parameters.get('stem')!
    return { ...folded, tensors, ranges: await rangesOf(checkpoint, match, tensors.get('stem')!, stem) }
  })
  const facts = mergeFacts([...stated, own.facts, ranges.plain, around.facts, ranges.statistics, conventions])
  const preprocessing = await blameFile(file, () => recipeOf(facts))
  const quantized = await blameFile(file, () => integersOf(stored, tensors, architecture, preprocessing, budget))
  const { classes, reasons } = await classesOf(facts, match.classes, options.usualLabels)
  return {
    options: definition,
    architecture,
    parameters,
    batchNorms,
    integers: quantized.integers,
    preprocessing,
    classes,
    source: { file, format, naming: match.naming },
    report: match.report,
    reasons: [...match.reasons, ...describeFacts(facts), ...own.reasons, ...around.reasons, ...reasons, ...quantized.reasons],
  }
}

/**
 * Reads a file of any format into a network that a backend can compile.
 * @throws CheckpointError as `readCheckpoint` and `toNetwork`; MobileNetV2Error `SOURCE` if a response is an error, `OPTION` if an
 * option does not fit; the signal's reason
 */
export async function readNetwork(source: ByteSource, options: ReadNetworkOptions = {}): Promise<Network> {
  checkOptionNames(options, [...networkOptionNames, ...readOptionNames])
  const { file, readSibling, siblingNames, onProgress, signal, ...rest } = options
  return toNetwork(await readCheckpoint(source, { file, readSibling, siblingNames, onProgress, signal }), rest)
}
