import type { Architecture, HeadActivation, LayerId } from '@mobilenetv2/spec'
import { isWeighted, refuseOption } from '@mobilenetv2/spec'
import type { Checkpoint, StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { descriptionKey } from '../description-key.js'
import { type Facts, factsFrom } from '../facts/facts.js'
import { usualFacts } from '../facts/usual-facts.js'
import { extentOf } from '../layout.js'
import { namings } from '../namings/all-namings.js'
import { preferAverages } from '../namings/averages.js'
import type { LayerTensorNames } from '../namings/naming.js'
import { bodyOfNames, positionOf } from './body-of-names.js'
import { type Attempt, findNetworks, type NamedBody, positions, tensorNames } from './find-networks.js'
import { headOfModules, type NamedHead } from './head-of-modules.js'
import type { CheckpointMatch, MatchOptions } from './match-checkpoint.js'
import { naturalOrder, type OrderedBody, orderedBodies } from './match-order.js'
import { type KnownModule, knownModule, modulesOf, splitName } from './modules.js'
import { isMobileNet, optionsOfShapes, refuseWidth } from './options-of-shapes.js'
import { pytorchModules } from './pytorch-modules.js'
import { mapChannels } from './skeleton.js'
import { totalStride } from './total-stride.js'

/** What a head's hidden dense layers are taken to have, as those of most tutorials do. */
const usualActivation: HeadActivation = 'relu'

/** Whether a prefix is that of averaged weights: `state_dict_ema`, `model_ema.module`, `swa_model`. */
function isAveraged(prefix: string): boolean {
  return /(^|[._/])(ema|swa|avg|polyak)([._/]|$)|averag/i.test(prefix)
}

/** Where a network begins: the name of its first kernel, and what precedes all of its names. */
interface Candidate {
  readonly prefix: string
  readonly kernel: StoredTensor
  readonly body: NamedBody | OrderedBody
}

function shown(prefix: string): string {
  return prefix === '' ? 'the file itself' : prefix.slice(0, 100)
}

/** Whether two tensors are one, or hold the same values. */
function isSame(left: StoredTensor, right: StoredTensor): boolean {
  return left.bytes.length === right.bytes.length && left.bytes.every((byte, index) => byte === right.bytes[index])
}

/**
 * Chooses among the networks of a file: the one whose prefix the caller gives; else the one that is no average of others.
 * @throws MobileNetV2Error `OPTION` if the file has no such network; CheckpointError if several are left
 */
function choose(candidates: readonly Candidate[], weights: string | undefined): { chosen: Candidate; reasons: readonly string[] } {
  const prefixes = candidates.map(({ prefix }) => shown(prefix)).join(', ')
  const wanted =
    weights === undefined
      ? candidates.filter(({ prefix }) => !isAveraged(prefix))
      : candidates.filter(({ prefix }) =>
          weights === 'ema' ? isAveraged(prefix) : prefix === weights || prefix.startsWith(`${weights}.`),
        )
  if (weights !== undefined && wanted.length === 0)
    refuseOption('weights', weights, `the prefix of a network in the file: ${prefixes}`)
  const [chosen, ...others] = wanted.length === 0 ? candidates : wanted
  if (chosen === undefined) throw new Error('no candidate')
  if (others.some(({ kernel }) => !isSame(kernel, chosen.kernel))) {
    throw new CheckpointError('The file holds more than one network.', {
      expected: 'one, or averages beside it',
      got: prefixes,
      remedy: 'Give the option weights with one of these.',
    })
  }
  if (candidates.length === 1) {
    return {
      chosen,
      reasons: isAveraged(chosen.prefix) ? [`averaged weights ${shown(chosen.prefix)}: the file has no others`] : [],
    }
  }
  const choice = weights === undefined ? 'not averaged' : 'as asked for'
  return { chosen, reasons: [`weights of ${shown(chosen.prefix)}: ${choice}; the file has those of ${prefixes} (option weights)`] }
}

/** The prefixes in which a head is looked for: that of the body, then shorter ones, the whole file last. */
function enclosing(prefix: string): string[] {
  const prefixes = [prefix]
  while (prefixes.at(-1) !== '') prefixes.push(prefixes.at(-1)!.replace(/[^./]*[./]$/, ''))
  return prefixes
}

/** Names that training leaves beside a network, which no part of a head bears. */
const training =
  /(^|[./])(optimizers?|optimizer_states?|optim|schedulers?|lr_schedulers?|criterion|loss|loss_fn|metrics?|scaler)([./_]|$)|\.OPTIMIZER_SLOT/i

/** The modules in the smallest part of the file around a body that has dense layers. */
function surroundings(
  tensors: ReadonlyMap<string, StoredTensor>,
  body: NamedBody,
  candidates: readonly Candidate[],
): readonly KnownModule[] {
  const names = preferAverages([...tensors.keys()])
  const bare = new Map([...names].map(([name, original]) => [original, name]))
  const pathOf = (original: string): string => splitName(bare.get(original) ?? original)[0]
  const used = new Set(positions(body).flatMap((position) => tensorNames(body.tensorsOf(position)).map(pathOf)))
  const others = candidates.filter(({ prefix }) => !body.prefix.startsWith(prefix)).map(({ prefix }) => prefix)
  const free = [...names].filter(
    ([name]) => !used.has(splitName(name)[0]) && !training.test(name) && !others.some((prefix) => name.startsWith(prefix)),
  )
  let modules: KnownModule[] = []
  for (const prefix of enclosing(body.prefix)) {
    const inside = free.filter(([name]) => name.startsWith(prefix)).sort(([left], [right]) => naturalOrder(left, right))
    modules = modulesOf(inside.map(([name, original]) => [name, tensors.get(original)!])).map(knownModule)
    if (modules.some(({ kind }) => kind === 'dense')) break
  }
  return modules
}

/** Whether a body without a last convolution has one all the same, under a name that is not the naming's. */
function isCutOff({ tensors }: Checkpoint, body: NamedBody): boolean {
  if (body.hasHead) return false
  const used = positions(body).map((position) => body.tensorsOf(position).kernel)
  const { pointwise, depthwise } = body.naming.layouts
  const output = extentOf(tensors.get(used.at(-1)!)!, pointwise, 'O')
  // A classifier that is stored as a convolution has a bias; a last convolution has a BatchNorm in its place.
  const hasBias = ({ name }: StoredTensor): boolean =>
    ['bias', 'biases'].some((part) => tensors.has(`${name.slice(0, -splitName(name)[1].length)}${part}`))
  return [...tensors.values()].some(
    (tensor) =>
      tensor.name.startsWith(body.prefix) &&
      extentOf(tensor, pointwise, 'I') === output &&
      extentOf(tensor, depthwise, 'C') === null &&
      !used.includes(tensor.name) &&
      !hasBias(tensor) &&
      tensor.shape.length === 4,
  )
}

/** Refuses a network that has more convolutions than a classifier. */
function checkConvolutions(modules: readonly KnownModule[]): void {
  const isConvolution = (module: KnownModule): boolean =>
    module.kind === 'convolution' || (module.kind === 'dense' && module.kernel.shape.length === 4)
  const convolutions = modules.filter(isConvolution)
  // A classifier may be stored as a convolution of one pixel.
  const [only] = convolutions
  const isNormed = modules.some(({ kind }) => kind === 'batchNorm')
  if (convolutions.length === 1 && only?.kind === 'dense' && !isNormed) return
  const [first] = convolutions
  if (first === undefined) return
  throw new CheckpointError('The file holds a MobileNetV2 as a part of a larger network.', {
    expected: 'a classifier: dense layers after the last map',
    got: `${convolutions.length} more convolutions, the first of them ${first.path.slice(0, 100)}: a segmentation network or an object detector, perhaps`,
    remedy: 'Save the encoder alone, if its features are wanted.',
  })
}

/** The activation that is plain from the names, or from quantised kernels: PyTorch fuses and quantises no ReLU6. */
function activationOf({ format }: Checkpoint, { kernel, body }: Candidate): 'relu' | undefined {
  return format === 'pytorch' && kernel.quantization !== null ? 'relu' : body.naming.activation
}

/** The tensors of each layer, those of the body by their positions. */
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

function some(names: readonly string[]): string {
  const [first] = names
  return first === undefined ? 'none' : `${first.slice(0, 100)}${names.length > 1 ? ` and ${names.length - 1} more` : ''}`
}

/**
 * Refuses a network that has squeeze-and-excitation layers, as their names tell.
 * @throws CheckpointError
 */
function checkSqueezes({ tensors }: Checkpoint): void {
  const name = [...tensors.keys()].find((tensor) => /squeeze_excite|(^|[._/])se([._/]|_\d)|\.block\.\d\.fc1\./.test(tensor))
  if (name === undefined) return
  throw new CheckpointError(
    'The network has squeeze-and-excitation layers: it is a MobileNetV3, MNASNet or EfficientNet, perhaps.',
    {
      tensor: name.slice(0, 100),
      expected: 'a MobileNetV2 or MobileNetV1',
      remedy: 'Only MobileNetV2 and MobileNetV1 are read.',
    },
  )
}

/** How much of a network has to be there before what is missing is worth telling. */
const nearEnough = 0.5

function refuseNames(checkpoint: Checkpoint, attempts: readonly Attempt[]): never {
  const { unreadable } = checkpoint.metadata
  const [tensor, reason] = Object.entries(typeof unreadable === 'object' ? { ...unreadable } : {})[0] ?? []
  if (tensor !== undefined) {
    throw new CheckpointError('Tensors of this file cannot be read.', {
      tensor: tensor.slice(0, 100),
      got: String(reason).slice(0, 200),
      remedy: 'Save the state dict of the float model: torch.save(model.state_dict(), path).',
    })
  }
  const nearest = [...attempts].sort((left, right) => right.found - left.found)[0]
  if (nearest?.missing.length === 0) {
    throw new CheckpointError('The file holds a MobileNet with more convolutions after its blocks.', {
      expected: 'one last convolution in MobileNetV2, none in MobileNetV1',
      got: `others, after the prefix ${shown(nearest.body.prefix)}`,
      remedy: 'Export the network as ONNX, whose graph says how its layers follow each other.',
    })
  }
  if (nearest !== undefined && nearest.found / (nearest.found + nearest.missing.length) >= nearEnough) {
    const statistics = nearest.missing.every((name) => /(running|moving)_(mean|var)/.test(name))
    throw new CheckpointError('The file holds a MobileNetV2 that is not whole.', {
      expected: `all ${nearest.found + nearest.missing.length} tensors in the naming ${nearest.body.naming.name}`,
      got: `${nearest.found} of them; missing: ${some(nearest.missing)}`,
      remedy: statistics
        ? 'Save model.state_dict(), which has the statistics of BatchNorm; named_parameters() has not.'
        : 'Save the whole state dict of the model.',
    })
  }
  throw new CheckpointError('The tensors are not those of a MobileNetV2.', {
    expected: `names as in ${[...new Set(namings.map(({ name }) => name))].join(', ')}, or kernels in the order and with the shapes of a MobileNetV2`,
    got: `${checkpoint.tensors.size} tensors: ${some([...checkpoint.tensors.keys()])}`,
    remedy: 'Only MobileNetV2 and MobileNetV1 are read.',
  })
}

/**
 * A match by the names of the tensors: the naming of a body under any prefix, else the order of the kernels; then the head, by the
 * shapes of what is left.
 * @throws CheckpointError if the file has no whole MobileNetV2 or V1, or several
 */
export function matchNames(checkpoint: Checkpoint, { weights, pool, headActivation }: MatchOptions): CheckpointMatch {
  const { tensors } = checkpoint
  if ([...tensors.keys()].some((name) => name === 'block1.depthwise.kernel')) {
    throw new CheckpointError('The file has the names that toSafetensors writes, but no description of its model.', {
      expected: `${descriptionKey} in its metadata`,
      remedy: 'Keep the metadata when the file is changed.',
    })
  }
  checkSqueezes(checkpoint)
  const attempts = findNetworks(tensors, namings)
  const whole = attempts.filter(({ missing, body }) => missing.length === 0 && !isCutOff(checkpoint, body)).map(({ body }) => body)
  const bodies: readonly (NamedBody | OrderedBody)[] = whole.length > 0 ? whole : orderedBodies(checkpoint)
  const candidates: Candidate[] = []
  for (const body of bodies) {
    const kernel = tensors.get(body.tensorsOf({ part: 'stem', block: 0, expands: true, blocks: body.expands.length }).kernel)!
    if (!candidates.some((other) => other.kernel.name === kernel.name)) candidates.push({ prefix: body.prefix, kernel, body })
  }
  if (candidates.length === 0) refuseNames(checkpoint, attempts)
  const { chosen, reasons: choice } = choose(candidates, weights)
  const { body, prefix } = chosen
  const { naming } = body
  const skeleton = bodyOfNames(checkpoint, body)
  if ('rest' in body && !isMobileNet(skeleton)) refuseNames(checkpoint, attempts)
  const modules = 'rest' in body ? body.rest : surroundings(tensors, body, candidates)
  const leftOut = modules.flatMap((module) => (module.kind === 'other' ? module.names : []))
  if (!isMobileNet(skeleton)) refuseWidth(skeleton)
  checkConvolutions(modules)
  const assumed = headActivation ?? usualActivation
  const isTensorflow = naming.layouts.dense.startsWith('I') || naming.layouts.dense.startsWith('1')
  const described = pytorchModules(checkpoint)
  const known = described?.activationBetween ?? (() => null)
  const head = headOfModules(modules, mapChannels(skeleton), naming.layouts, {
    isTensorflow,
    pool: pool ?? 'average',
    assumed,
    known: headActivation === undefined ? known : () => null,
  })
  const { options, reasons } = optionsOfShapes(skeleton, head)
  const pooled =
    head.pool === 'none'
      ? []
      : [`${head.pool} pool: ${pool === undefined ? 'as published, and the file does not say' : 'as asked for'}`]
  const { mapSide } = head
  const size = mapSide === null ? undefined : { height: mapSide * totalStride, width: mapSide * totalStride }
  const { kernel: stemKernel, batchNorm } = body.tensorsOf({ part: 'stem', block: 0, expands: true, blocks: body.expands.length })
  const norm = batchNorm?.mean == null ? null : splitName(batchNorm.mean)[0]
  const last = head.tensors.at(-1)
  const stated = described?.factsOf(
    { stem: splitName(stemKernel)[0], norm, prefix },
    last === undefined ? null : splitName(last.kernel)[0],
  )
  const facts: Facts = {
    ...stated,
    ...factsFrom({ size }, `the first dense layer takes a map of ${mapSide} x ${mapSide}`),
  }
  return {
    options,
    classes: head.classes,
    naming: naming.name,
    conventions: (known) => usualFacts({ ...naming, activation: activationOf(checkpoint, chosen) }, known.size, head.classes),
    facts,
    reasons: [
      naming.name === 'order'
        ? `naming order: the kernels have the order and the shapes of a ${naming.framework} network`
        : `naming ${naming.name}: every name it gives is in the file${prefix === '' ? '' : ` (after the prefix ${prefix})`}`,
      ...choice,
      ...reasons,
      ...pooled,
      ...head.reasons,
      ...(leftOut.length === 0 ? [] : [`left out ${some(leftOut)}: no part of the network`]),
    ],
    tensorsOf: (architecture) => layerTensors(body, head, architecture),
  }
}
