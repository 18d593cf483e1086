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

/** The options of `toNetwork`. */
export interface ToNetworkOptions extends Overrides {
  /**
   * What other sources, such as the publisher, state about the network. An earlier one takes precedence over a later one, and all
   * of them take precedence over the file.
   */
  readonly stated?: readonly Facts[] | undefined
  /** Names the classes if nothing else does. */
  readonly usualLabels?: UsualLabels | undefined
}

/** The options of `readNetwork`. */
export type ReadNetworkOptions = ReadCheckpointOptions & ToNetworkOptions

const overrideNames = ['labels', 'preprocessing', 'output', 'architecture', 'weights'] as const

const networkOptionNames: readonly (keyof ToNetworkOptions)[] = [...overrideNames, 'stated', 'usualLabels']

/** Checks the caller's options, and turns them into facts. The code is imported only if there are such options. */
async function overridesOf(options: ToNetworkOptions): Promise<Facts> {
  if (overrideNames.every((name) => options[name] === undefined)) return {}
  return (await import('./facts/caller-facts.js')).callerFacts(options)
}

/**
 * The facts that a file and the files beside it state. A file that this project wrote states everything; the code for all other files is
 * imported only for them.
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

/**
 * Whether the stated pool differs from the pool of the options. A head on a flattened map has no pool, whatever is stated. If the caller
 * asks for one nevertheless, the shapes of the tensors contradict.
 */
function isOtherPool({ pool: own = 'average' }: DefinitionOptions, stated: DefinitionOptions['pool'], isAsked: boolean): boolean {
  return stated !== undefined && stated !== 'none' && (own !== 'none' || isAsked) && stated !== own
}

/** Expands options into layers. The definition of MobileNetV1 is imported only if it is needed. */
async function define(options: DefinitionOptions): Promise<Architecture> {
  if (options.family === 'MobileNetV1') return (await import('./define-v1.js')).defineV1(options)
  const { family, ...rest } = options
  return defineMobileNetV2(rest)
}

/** The preprocessing. Each part of it must be stated by some source, and must be possible. */
async function recipeOf({ geometry, interpolation, mean, deviation }: Facts): Promise<Preprocessing> {
  if (!geometry || !interpolation || !mean || !deviation) throw (await import('./of-others.js')).noRecipe()
  const recipe = { geometry: geometry.value, interpolation: interpolation.value, mean: mean.value, deviation: deviation.value }
  if (!isPossible(recipe)) throw (await import('./of-others.js')).impossibleRecipe(recipe)
  return recipe
}

/**
 * Runs work whose errors are the file's fault: each error of this project becomes a `CheckpointError` that names the file. Errors of the
 * options `weights` and `architecture` are exceptions, because they are the caller's fault.
 */
async function blameFile<Result>(file: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CheckpointError) throw inFile(error, file)
    if (!(error instanceof MobileNetV2Error) || /^option (weights|architecture)/.test(error.details.where ?? '')) throw error
    throw (await import('./of-others.js')).impossibleNetwork(file, error)
  }
}

/** The range of the input that the weights show. A file that this project wrote states it. */
async function rangesOf(
  checkpoint: Checkpoint,
  { naming }: CheckpointMatch,
  tensors: LayerTensorNames,
  stem: LayerParameters,
): Promise<InputRanges> {
  if (naming === 'mobilenetv2') return { plain: {}, statistics: {} }
  return (await import('./of-others.js')).inputRanges(checkpoint, tensors, stem)
}

/** The integers of a quantised file, or why there are none. The code is imported only for a quantised file. */
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
 * Finds out which MobileNetV2 a checkpoint contains, how pictures are prepared for it and what its classes are called, and folds its
 * BatchNorms. If several sources state the same fact, the first one in this order is believed: the caller's options; `stated`; the file;
 * the magnitude of its first kernel; the files beside it; the statistics of its first BatchNorm; the defaults of the framework and of the
 * publisher whose format or tensor names the file has. `reasons` of the network says for each fact which source it is from.
 * @throws CheckpointError `CHECKPOINT` if the file does not contain a MobileNetV2 or MobileNetV1
 * @throws MobileNetV2Error `OPTION` if an option is unknown, not allowed or does not fit the network
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { readCheckpoint, toNetwork } from '@mobilenetv2/weights'
 *
 * const checkpoint = await readCheckpoint(await readFile('mobilenet_v2.pth'))
 * const { architecture, reasons } = await toNetwork(checkpoint, { labels: ['cat', 'dog'] })
 * ```
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
    ...(isOtherPool(match.options, pool?.value, options.architecture?.pool !== undefined) && { pool: pool!.value }),
  }
  // If the caller states parts of the architecture, these can be wrong as well as the file.
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
 * Reads the file of a model, in any format, into a network that a backend can compile: `readCheckpoint` and `toNetwork` in one call.
 * @throws CheckpointError `CHECKPOINT` if the format is not known, the file is damaged, or it does not contain a MobileNetV2 or MobileNetV1
 * @throws MobileNetV2Error `SOURCE` if the file is too long, or a response or stream fails; `OPTION` if an option is unknown, not allowed
 * or does not fit the network
 * @throws the signal's reason if the signal is aborted, and the errors of `readSibling`
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { readNetwork } from '@mobilenetv2/weights'
 *
 * const { architecture, preprocessing, classes, reasons } = await readNetwork(await readFile('mobilenet_v2.onnx'))
 * console.log(architecture.input, preprocessing.mean, classes.labels, reasons.join('\n'))
 * ```
 */
export async function readNetwork(source: ByteSource, options: ReadNetworkOptions = {}): Promise<Network> {
  checkOptionNames(options, [...networkOptionNames, ...readOptionNames])
  const { file, readSibling, siblingNames, onProgress, signal, ...rest } = options
  return toNetwork(await readCheckpoint(source, { file, readSibling, siblingNames, onProgress, signal }), rest)
}
