import { type Architecture, isWeighted, type LayerId } from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { Budget } from '../formats/budget.js'
import type { Layouts } from '../layout.js'
import { readDescription } from '../model-description.js'
import type { LayerTensorNames } from '../namings/naming.js'
import type { CheckpointMatch } from './match-checkpoint.js'
import { ownFacts, ownReason } from './own-facts.js'

/** The layouts of the definition itself. */
const layouts: Layouts = { convolution: 'HWIO', pointwise: 'IO', depthwise: 'HWC', dense: 'IO' }

/** The names that `toSafetensors` gives to the tensors of each layer: the layer's id with `kernel` and `bias`. BatchNorm is folded. */
function tensorsOf({ layers }: Architecture): ReadonlyMap<LayerId, LayerTensorNames> {
  const weighted = layers.filter(isWeighted)
  return new Map(
    weighted.map(({ id, kind }) => [id, { kernel: `${id}.kernel`, layout: layouts[kind], bias: `${id}.bias`, batchNorm: null }]),
  )
}

/** The shape of each tensor of an architecture, by its name in the file. */
function shapesOf(architecture: Architecture): ReadonlyMap<string, readonly number[]> {
  const names = tensorsOf(architecture)
  const shapes = new Map<string, readonly number[]>()
  for (const { id, kernelShape, biasLength } of architecture.layers.filter(isWeighted)) {
    const { kernel, bias } = names.get(id)!
    shapes.set(kernel, kernelShape).set(bias!, [biasLength])
  }
  return shapes
}

function shapeText(shape: readonly number[] | undefined): string {
  return shape === undefined ? 'no such tensor' : `[${shape.join(', ')}]`
}

/** @throws CheckpointError if the file has other tensors than the architecture, or one with another shape */
function checkTensors({ tensors }: Checkpoint, architecture: Architecture): void {
  const shapes = shapesOf(architecture)
  for (const name of new Set([...shapes.keys(), ...tensors.keys()])) {
    const expected = shapeText(shapes.get(name))
    const got = shapeText(tensors.get(name)?.shape)
    if (expected === got) continue
    throw new CheckpointError('The description in the file does not match its tensors.', { tensor: name, expected, got })
  }
}

/**
 * Matches a safetensors file that this project wrote.
 * @param json the description of the network in the file's metadata
 * @throws CheckpointError if the description is damaged, or describes another network
 */
export function matchOwn(checkpoint: Checkpoint, json: string, budget: Budget): CheckpointMatch {
  const description = readDescription(json, budget)
  const classes = checkpoint.tensors.get('classifier.bias')?.shape[0] ?? 0
  return {
    options: description.options,
    classes,
    naming: 'mobilenetv2',
    conventions: () => ({}),
    facts: ownFacts(description, classes),
    report: description.report,
    reasons: [ownReason],
    tensorsOf(architecture) {
      checkTensors(checkpoint, architecture)
      return tensorsOf(architecture)
    },
  }
}
