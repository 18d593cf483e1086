import type { RecipeName } from '../facts/recipes.js'
import type { BatchNormNames } from '../graph/graph.js'
import type { Layout, Layouts } from '../layout.js'

/** The framework whose padding and BatchNorm epsilon a file has. */
export type Framework = 'PyTorch' | 'TensorFlow'

/** The names of the tensors with the parameters of one layer. */
export interface LayerTensorNames {
  readonly kernel: string
  readonly layout: Layout
  readonly bias: string | null
  readonly batchNorm: BatchNormNames | null
  /** The BatchNorm of the layer's input. */
  readonly inputBatchNorm?: BatchNormNames | undefined
  /** Whether all three of its input channels get the grey value of a picture. */
  readonly takesGrey?: boolean | undefined
}

/** A layer as a naming knows it. The pointwise convolution of a MobileNetV1 block is its `project`. */
export interface Position {
  readonly part: 'stem' | 'expand' | 'depthwise' | 'project' | 'head'
  /** The number of its block, from 1; 0 outside of blocks. */
  readonly block: number
  /** Whether the block has an expansion. */
  readonly expands: boolean
  /** Number of blocks in the network. */
  readonly blocks: number
}

/**
 * How one codebase names the layers of its MobileNetV2 or MobileNetV1: a table from the layers of the definition to names of tensors. Dense
 * layers are not in the table.
 */
export interface Naming {
  readonly name: NamingName
  readonly framework: Framework
  /** The preprocessing that is usual for networks with these names. */
  readonly recipe: RecipeName
  readonly layouts: Layouts
  /** The activation of all blocks, if the names show that it is not ReLU6. */
  readonly activation?: 'relu' | undefined
  /** The names of a layer's tensors. */
  readonly tensors: (position: Position) => Omit<LayerTensorNames, 'layout'>
  /**
   * The modules that contain these layers, in order. In a Sequential of the modules, numbers stand in the place of their names. If there is
   * one module and it was saved alone, the names begin without it.
   */
  readonly modules?: readonly string[] | undefined
  /**
   * For namings that number blocks within stages. `pattern` captures the stage and the block in a name. `flat` gives the text that replaces
   * the match, in which all blocks are numbered from 0.
   */
  readonly stages?: { readonly pattern: RegExp; readonly flat: (block: number) => string } | undefined
}

/**
 * How the tensors of a file were matched with layers: by the names that a codebase gives them; by the graph in the file (`structural`); or
 * by the order and the shapes of the tensors (`order`).
 */
export type NamingName =
  | 'note'
  | 'torchvision'
  | 'timm'
  | 'huggingface'
  | 'd-li14'
  | 'tonylins'
  | 'mobilenetv2'
  | 'keras'
  | 'slim'
  | 'structural'
  | 'order'
