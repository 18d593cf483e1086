import type { Architecture, HeadActivation, LayerId } from '@mobilenetv2/spec'
import { isWeighted } from '@mobilenetv2/spec'
import { type Checkpoint, descriptionKey } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { type Facts, factsFrom } from '../facts/facts.js'
import { memberOf, numberOf } from '../facts/plain.js'
import { usualFacts } from '../facts/usual-facts.js'
import type { Budget } from '../formats/budget.js'
import { tensorflowLayouts } from '../layout.js'
import { namings } from '../namings/all-namings.js'
import type { LayerTensorNames } from '../namings/naming.js'
import { bodyOfNames, positionOf } from './body-of-names.js'
import { chooseHead, isBehind, outermost, type Surroundings } from './choose-head.js'
import { type Candidate, chooseNetwork, shown } from './choose-network.js'
import { type Attempt, findNetworks, type NamedBody, positions } from './find-networks.js'
import { headOfModules, type NamedHead } from './head-of-modules.js'
import { lossFacts } from './loss.js'
import type { CheckpointMatch, MatchOptions } from './match-checkpoint.js'
import { type OrderedBody, orderedBodies } from './match-order.js'
import { type KnownModule, splitName } from './modules.js'
import { normalizationOf } from './normalization.js'
import { isMobileNet, optionsOfShapes, refuseWidth } from './options-of-shapes.js'
import { withPlainKernels } from './plain-kernels.js'
import { type BodyPaths, type PytorchModules, pytorchModules, type StatedBody } from './pytorch-modules.js'
import { checkSqueezes, refuseNames, some } from './refuse-names.js'
import { endsInExpansion, isMobileNetV1, mapChannels } from './skeleton.js'
import { checkConvolutions, checkInside, isBuilt, isCutOff, isTraining, surroundings } from './surroundings.js'
import { mapReason, totalStride } from './total-stride.js'
import { checkUnreadable } from './unreadable.js'

/** The activation that hidden dense layers of a head are assumed to have, because most tutorials use it. */
const usualActivation: HeadActivation = 'relu'

/** The activation of most MobileNetV1s in PyTorch. */
const usualInV1 = factsFrom({ activation: 'relu' }, 'most MobileNetV1 of PyTorch have it, and the file does not say')

/** The activation that the names or quantised kernels show: PyTorch neither fuses nor quantises ReLU6. */
function activationOf({ format }: Checkpoint, { kernel, body }: Candidate): 'relu' | undefined {
  return format === 'pytorch' && kernel.quantization !== null ? 'relu' : body.naming.activation
}

/** The paths of the modules with a body's kernels. */
function modulePaths(body: NamedBody): BodyPaths {
  const layers = positions(body).map((position) => ({ position, path: splitName(body.tensorsOf(position).kernel)[0] }))
  const blocks = layers.filter(({ position }) => position.block > 0)
  return {
    stem: layers[0]!.path,
    blocks: blocks.map(({ path }) => path),
    depthwise: blocks.filter(({ position }) => position.part === 'depthwise').map(({ path }) => path),
  }
}

/** The tensors of each layer. Those of the body are found by position. */
function layerTensors(body: NamedBody, head: NamedHead, { layers }: Architecture): ReadonlyMap<LayerId, LayerTensorNames> {
  const weighted = layers.filter(isWeighted)
  const ids = new Set(weighted.map(({ id }) => id))
  const blocks = weighted.filter(({ kind }) => kind === 'depthwise').length
  const named = new Map<LayerId, LayerTensorNames>()
  const [...rest] = head.tensors
  for (const { id } of weighted) {
    const position = positionOf(id, ids, blocks)
    named.set(id, position === null ? rest.shift()! : body.tensorsOf(position))
  }
  return named
}

/** A tensor that every file of `toSafetensors` has, and no other file. */
const ownTensor = 'block1.depthwise.kernel'

/** The complete networks in a file, up to their last maps, each once: found by their names, else by the order of the kernels. */
function candidatesOf(checkpoint: Checkpoint, attempts: readonly Attempt[]): Candidate[] {
  const { tensors } = checkpoint
  const whole = attempts.filter(({ missing, body }) => missing.length === 0 && !isCutOff(checkpoint, body)).map(({ body }) => body)
  const bodies: readonly (NamedBody | OrderedBody)[] = whole.length > 0 ? whole : orderedBodies(checkpoint)
  const candidates: Candidate[] = []
  for (const body of bodies) {
    const kernel = tensors.get(stemOf(body).kernel)!
    if (!candidates.some((other) => other.kernel.name === kernel.name)) candidates.push({ prefix: body.prefix, kernel, body })
  }
  return candidates
}

/** The tensors of the first convolution of a body. */
function stemOf({ tensorsOf, expands }: NamedBody): LayerTensorNames {
  return tensorsOf({ part: 'stem', block: 0, expands: true, blocks: expands.length })
}

/** The facts about a network that the modules in the file show, and the size of its input if a dense layer takes a whole map. */
function factsOf(
  { body, prefix }: Candidate,
  head: NamedHead,
  modules: PytorchModules | null,
  activation: StatedBody['activation'],
): Facts {
  const { kernel, batchNorm } = stemOf(body)
  const mean = batchNorm?.mean ?? null
  const last = head.tensors.at(-1)
  const stem = { stem: splitName(kernel)[0], norm: mean === null ? null : splitName(mean)[0], prefix, activation }
  const { mapSide } = head
  const size = mapSide === null ? undefined : { height: mapSide * totalStride, width: mapSide * totalStride }
  return {
    ...modules?.factsOf(stem, last === undefined ? null : splitName(last.kernel)[0]),
    ...factsFrom({ size }, mapSide === null ? '' : mapReason(mapSide)),
  }
}

/** The size of the input that the configuration of a model states. The file has no complete graph. */
function statedSize({ metadata }: Checkpoint): Facts {
  const shape = memberOf(metadata, 'input_shape')
  const [height, width] = Array.isArray(shape) ? shape.map(numberOf) : []
  const isSize = height != null && width != null && height >= 1 && width >= 1
  return isSize ? factsFrom({ size: { height, width } }, "the model's configuration says so") : {}
}

/**
 * Matches a file by the names of its tensors: those of the body by a naming under any prefix, else by the order of the kernels. The head is
 * then found by the shapes of the other tensors.
 * @throws CheckpointError if the file has no complete MobileNetV2 or MobileNetV1, or several
 */
export function matchNames(stored: Checkpoint, { weights, pool, headActivation }: MatchOptions, budget: Budget): CheckpointMatch {
  const checkpoint = withPlainKernels(stored, budget)
  const { tensors } = checkpoint
  if (tensors.has(ownTensor)) {
    throw new CheckpointError('The file has the names that toSafetensors writes, but no description of its model.', {
      expected: `${descriptionKey} in its metadata`,
      remedy: 'Keep the metadata when the file is changed.',
    })
  }
  checkSqueezes(checkpoint)
  const attempts = findNetworks(tensors, namings)
  const candidates = candidatesOf(checkpoint, attempts)
  if (candidates.length === 0) refuseNames(checkpoint, attempts)
  const { chosen, reasons: choice } = chooseNetwork(tensors, candidates, weights)
  const { body, prefix } = chosen
  const { naming } = body
  const isOrdered = 'rest' in body
  checkUnreadable(checkpoint, prefix, isOrdered)
  const described = pytorchModules(checkpoint)
  const stated = described?.bodyOf(modulePaths(body))
  const skeleton = bodyOfNames(checkpoint, body, stated?.strides)
  if (isOrdered && (!isMobileNet(skeleton) || (body.rest.length === 0 && endsInExpansion(skeleton))))
    refuseNames(checkpoint, attempts)
  if (!isMobileNet(skeleton)) refuseWidth(skeleton)
  const around: Surroundings = isOrdered ? { near: body.rest, all: null } : surroundings(checkpoint, body, candidates)
  const beside = new Set(around.near.map(({ path }) => path))
  const statedPool = pool === undefined ? described?.pool() : undefined
  const channels = mapChannels(skeleton)
  const readHead = (found: readonly KnownModule[]): NamedHead => {
    checkConvolutions(found)
    checkInside(found, body)
    return headOfModules(found, channels, naming.layouts, {
      isTensorflow: naming.layouts.depthwise === tensorflowLayouts.depthwise,
      isBuilt: isBuilt(checkpoint),
      pool: pool ?? statedPool ?? 'average',
      assumed: (left, right) => headActivation ?? (isBehind(left, right, beside, prefix) ? 'linear' : usualActivation),
      known: (left, right) =>
        headActivation === undefined
          ? (described?.activationBetween(beside.has(right) ? left : outermost(left, prefix), right) ?? null)
          : null,
    })
  }
  const { head, modules, reasons: choiceOfHead } = chooseHead(around, readHead)
  for (const { kernel } of head.tensors) described?.checkDense(splitName(kernel)[0])
  const { options, reasons } = optionsOfShapes(skeleton, head)
  const ownPool = head.pool === 'none' ? undefined : head.pool
  const isPoolKnown = pool !== undefined || statedPool !== undefined
  const poolFacts = factsFrom({ pool: ownPool }, pool === undefined ? 'the modules in the file say so' : 'as asked for')
  const leftOut = modules.flatMap((module) => (module.kind === 'other' ? module.names : []))
  return {
    options,
    classes: head.classes,
    naming: naming.name,
    checkpoint,
    conventions: (known) => ({
      ...usualFacts({ ...naming, activation: activationOf(checkpoint, chosen) }, known, head.classes),
      ...factsFrom({ pool: ownPool }, 'as published, and the file does not say'),
      ...(isOrdered && naming.framework === 'PyTorch' && isMobileNetV1(skeleton) && usualInV1),
    }),
    facts: {
      ...(isPoolKnown && poolFacts),
      ...lossFacts(checkpoint),
      ...factsOf(chosen, head, described, stated?.activation),
      ...statedSize(checkpoint),
      ...normalizationOf(checkpoint, isTraining),
    },
    reasons: [
      isOrdered
        ? `naming order: the kernels have the order and the shapes of a ${naming.framework} network`
        : `naming ${naming.name}: every name it gives is in the file${prefix === '' ? '' : ` (after the prefix ${shown(prefix)})`}`,
      ...choice,
      ...reasons,
      ...choiceOfHead,
      ...head.reasons,
      ...(leftOut.length === 0 ? [] : [`left out ${some(leftOut)}: no part of the network`]),
    ],
    tensorsOf: (architecture) => layerTensors(body, head, architecture),
  }
}
