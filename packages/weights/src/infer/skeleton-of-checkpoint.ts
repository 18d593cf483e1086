import type { Checkpoint, StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { Graph } from '../graph/graph.js'
import { extentOf } from '../layout.js'
import { chooseNaming, type NamedNetwork, positions } from '../namings/choose-naming.js'
import type { Family, NamingName } from '../namings/naming.js'
import type { Skeleton } from '../namings/skeleton.js'
import { skeletonOfGraph } from '../namings/structural.js'
import type { RecipeName } from './recipes.js'

/** The channels of a file's network, and how they were found. */
export interface FoundSkeleton {
  readonly skeleton: Skeleton
  readonly naming: NamingName
  readonly family: Family
  readonly recipe: RecipeName
  readonly prefixes: readonly string[]
}

function extent(tensor: StoredTensor, layout: string, letter: string): number {
  const found = extentOf(tensor, layout, letter)
  if (found === null) {
    throw new CheckpointError('A kernel has not the axes of its layer.', {
      tensor: tensor.name,
      expected: `axes ${layout}`,
      got: `[${tensor.shape.join(', ')}]`,
    })
  }
  return found
}

function skeletonOfNames(checkpoint: Checkpoint, { tensorsOf, expands, headless, repetitions }: NamedNetwork): Skeleton {
  const channels = positions(expands, headless).map((position) => {
    const { kernel, layout } = tensorsOf(position)
    return {
      part: position.part,
      output: extent(checkpoint.tensors.get(kernel)!, layout, position.part === 'depthwise' ? 'C' : 'O'),
    }
  })
  const outputs = (part: string): number[] => channels.filter((layer) => layer.part === part).map(({ output }) => output)
  const [stem] = outputs('stem') as [number]
  const [head] = outputs('head') as [number]
  const [classes = 0] = outputs('classifier')
  const projected = outputs('project')
  const blocks = outputs('depthwise').map((expanded, index) => ({
    input: projected[index - 1] ?? stem,
    expanded,
    output: projected[index]!,
    stride: null,
  }))
  return { stem, blocks, head, hidden: [], classes, repetitions }
}

/**
 * Whose conventions a graph follows: its strided operators tell, as at stride 1 both families pad alike. TensorFlow's SAME pads
 * less, or nothing, at the top and on the left.
 */
function familyOf({ operators }: Graph): Family {
  const pads = operators.flatMap((operator) =>
    operator.kind !== 'globalAveragePool' && operator.stride > 1 ? [operator.padding] : [],
  )
  return pads.some((padding) => padding === 'same' || padding.bottom > padding.top) ? 'TensorFlow' : 'PyTorch'
}

/** Who is most likely to have published a graph. */
function recipeOf({ format }: Checkpoint, family: Family): RecipeName {
  if (format === 'tfjs-graph-model') return 'nsfwjs'
  return family === 'TensorFlow' ? 'tensorflow' : 'torchvision'
}

/**
 * The channels of the network in a file, from its graph where it has one, else from its names.
 * @throws CheckpointError where neither is that of a MobileNetV2
 */
export function skeletonOfCheckpoint(checkpoint: Checkpoint): FoundSkeleton {
  if (checkpoint.graph !== null) {
    const skeleton = skeletonOfGraph(checkpoint, checkpoint.graph)
    const family = familyOf(checkpoint.graph)
    return { skeleton, naming: 'structural', family, recipe: recipeOf(checkpoint, family), prefixes: [] }
  }
  const named = chooseNaming(checkpoint)
  const { naming, prefixes } = named
  return {
    skeleton: skeletonOfNames(checkpoint, named),
    naming: naming.name,
    family: naming.family,
    recipe: naming.recipe,
    prefixes,
  }
}
