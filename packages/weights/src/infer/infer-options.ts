import {
  defineMobileNetV2,
  MobileNetV2Error,
  type MobileNetV2Options,
  mobileNetV2Table,
  type PaddingConvention,
} from '@mobilenetv2/spec'
import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError, inFile } from '../checkpoint-error.js'
import type { Graph, WeightedOperator } from '../graph/graph.js'
import type { ModelDescription } from '../model-description.js'
import type { Family, NamingName } from '../namings/naming.js'
import { ownDescription } from './own-description.js'
import { inferPreprocessing } from './preprocessing.js'
import { skeletonOfCheckpoint } from './skeleton-of-checkpoint.js'
import { inferWidth } from './width.js'

/** What a checkpoint is, worked out from its file alone. */
export interface InferredOptions extends ModelDescription {
  readonly naming: NamingName
  /** What was decided and why, one sentence each. */
  readonly reasons: readonly string[]
}

const publishedSize = 224

/** ImageNet's 1000 classes and one for none of them, which the TensorFlow family puts first. */
const classesWithBackground = 1001

function weighted(graph: Graph): WeightedOperator[] {
  return graph.operators.filter((operator) => operator.kind !== 'globalAveragePool')
}

function epsilonOf(graph: Graph | null, padding: PaddingConvention): { epsilon: number; reason: string } {
  const epsilons = new Set(graph === null ? [] : weighted(graph).flatMap(({ batchNormEpsilon }) => batchNormEpsilon ?? []))
  const [epsilon, other] = epsilons
  if (other !== undefined) {
    throw new CheckpointError('The BatchNorms of this file differ in their epsilon.', {
      expected: 'one',
      got: [...epsilons].join(', '),
    })
  }
  if (epsilon !== undefined) return { epsilon, reason: `BatchNorm epsilon ${epsilon}: the graph says so` }
  const published = padding === 'symmetric' ? 1e-5 : 1e-3
  const why = graph === null ? 'the file does not say, the family publishes it' : 'BatchNorm is folded already, so it has no effect'
  return { epsilon: published, reason: `BatchNorm epsilon ${published}: ${why}` }
}

/** Where the graph's shortcuts end, where that is not at the bottlenecks as published. */
function residualOf(graph: Graph): Pick<MobileNetV2Options, 'residual'> {
  const added = weighted(graph).filter(({ residual }) => residual !== null)
  if (added.length === 0) return { residual: 'none' }
  return added.some(({ kind }) => kind === 'depthwise') ? { residual: 'expansion' } : {}
}

function backgroundOf(labels: readonly string[] | null, classes: number, family: Family): { index: number | null; reason: string } {
  if (labels !== null) {
    const index = labels.findIndex((label) => label.trim().toLowerCase() === 'background')
    return index < 0
      ? { index: null, reason: 'no background class: the labels in the file name none' }
      : { index, reason: `background class ${index}: the labels in the file say so` }
  }
  if (family === 'TensorFlow' && classes === classesWithBackground) {
    return { index: 0, reason: 'background class 0: the TensorFlow family puts it first among 1001 classes' }
  }
  return { index: null, reason: 'no background class: nothing in the file speaks of one' }
}

function infer(checkpoint: Checkpoint): InferredOptions {
  const { graph } = checkpoint
  const { skeleton, naming, family, recipe, prefixes } = skeletonOfCheckpoint(checkpoint)
  if (naming === 'mobilenetv2') {
    const reasons = ['naming mobilenetv2: this project wrote the file, and the rest stands in its metadata']
    return { ...ownDescription(checkpoint, skeleton), naming, reasons }
  }
  const width = inferWidth(skeleton)
  const { classes } = skeleton
  const padding = family === 'PyTorch' ? 'symmetric' : 'same'
  const { epsilon, reason: epsilonReason } = epsilonOf(graph, padding)
  const height = graph?.input.height ?? publishedSize
  const breadth = graph?.input.width ?? publishedSize
  const labels = checkpoint.labels?.length === classes ? checkpoint.labels : null
  const background = backgroundOf(labels, classes, family)
  const { preprocessing, reason: preprocessingReason } = inferPreprocessing(graph, recipe, Math.min(height, breadth))
  const projections = graph === null ? [] : weighted(graph).filter((_, index, all) => all[index - 1]?.kind === 'depthwise')
  const reluBottleneck = projections.length > 0 && projections.every(({ activation }) => activation === 'relu6')
  return {
    family,
    options: {
      ...width,
      height,
      width: breadth,
      classes,
      ...(skeleton.hidden.length === 0 ? {} : { headLayers: skeleton.hidden }),
      padding,
      batchNormEpsilon: epsilon,
      ...(reluBottleneck ? { bottleneckActivation: 'relu6' } : {}),
      ...(graph === null ? {} : residualOf(graph)),
    },
    naming,
    preprocessing,
    backgroundClass: background.index,
    ...(labels === null ? {} : { labels }),
    reasons: [
      ...(naming === 'structural'
        ? ["naming structural: the graph's operators, in their order, are those of a MobileNetV2"]
        : [
            `naming ${naming}: every name it gives is in the file, and no other${prefixes.length === 0 ? '' : ` (without the prefix ${prefixes.join(', ')})`}`,
          ]),
      `width multiplier ${width.widthMultiplier}: it gives the channels of all ${skeleton.blocks.length} blocks${width.table === undefined ? '' : `, repeated ${width.table.map(([, , n]) => n).join(', ')} times instead of ${mobileNetV2Table.map(([, , n]) => n).join(', ')}`}`,
      `${classes === 0 ? 'no classifier' : `classes ${classes}`}, head ${[skeleton.head, ...skeleton.hidden.map(({ units }) => units)].join(', ')}, first convolution ${skeleton.stem}: the shapes of the tensors`,
      graph?.input.height == null
        ? `input ${publishedSize} x ${publishedSize}: the published size, as the file leaves it open`
        : `input ${height} x ${breadth}: the graph says so`,
      `padding ${padding}: ${graph === null ? `that of the ${family} family` : 'the graph pads so'}`,
      epsilonReason,
      preprocessingReason,
      background.reason,
      ...(checkpoint.labels !== null && labels === null
        ? [`labels left out: the file has ${checkpoint.labels.length} for ${classes} classes`]
        : []),
    ],
  }
}

/**
 * Works out from a file alone which MobileNetV2 it holds and how its pictures are prepared. What a file cannot say (the epsilon, the
 * preprocessing and the input's size of a PyTorch state dict) takes the value that its family publishes; `reasons` tells which.
 * @throws CheckpointError where the file is no MobileNetV2
 */
export function inferOptions(checkpoint: Checkpoint): InferredOptions {
  const { file } = checkpoint
  try {
    const inferred = infer(checkpoint)
    defineMobileNetV2(inferred.options)
    return inferred
  } catch (error) {
    if (error instanceof CheckpointError) throw inFile(error, file)
    if (!(error instanceof MobileNetV2Error)) throw error
    const { expected, got, where } = error.details
    throw new CheckpointError('The network in this file is larger or smaller than a MobileNetV2 can be.', {
      file,
      expected: `${where}: ${expected}`,
      got: got ?? '',
      cause: error,
    })
  }
}
