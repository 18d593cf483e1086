import type { RecipeName } from '../facts/recipes.js'
import type { BatchNormNames } from '../graph/graph.js'
import type { Layout, Layouts } from '../layout.js'

/** The framework whose conventions (padding, BatchNorm epsilon) a file follows. */
export type Framework = 'PyTorch' | 'TensorFlow'

/** The tensors that hold one layer's parameters, by their names in the file. */
export interface LayerTensorNames {
  readonly kernel: string
  readonly layout: Layout
  readonly bias: string | null
  readonly batchNorm: BatchNormNames | null
  /** A BatchNorm of the layer's input. */
  readonly inputBatchNorm?: BatchNormNames | undefined
  /** Whether its three input channels are all given what is grey. */
  readonly takesGrey?: boolean | undefined
}

/**
 * A layer as a naming knows it: what it is, in which block (from 1; 0 outside of blocks), and what surrounds it. The pointwise
 * convolution of a MobileNetV1 block is its `project`.
 */
export interface Position {
  readonly part: 'stem' | 'expand' | 'depthwise' | 'project' | 'head'
  readonly block: number
  /** Whether the block has an expansion. */
  readonly expands: boolean
  /** Blocks in the network. */
  readonly blocks: number
}

/**
 * How one codebase names the layers of its MobileNetV2 or V1, the dense layers after the last map aside: a table, which the
 * definition's layers are looked up in.
 */
export interface Naming {
  readonly name: NamingName
  readonly framework: Framework
  /** How those who name so prepare their pictures. */
  readonly recipe: RecipeName
  readonly layouts: Layouts
  /** The activation of all blocks, where names tell that it is not ReLU6. */
  readonly activation?: 'relu' | undefined
  /** The names of a layer's tensors. */
  readonly tensors: (position: Position) => Omit<LayerTensorNames, 'layout'>
  /**
   * The modules that hold these layers, in their order. In a Sequential of them, numbers stand in their place; the names inside of an
   * only one lack it where that module was saved alone.
   */
  readonly modules?: readonly string[] | undefined
  /**
   * For namings that number blocks within stages. `pattern` captures the stage and the block in a name; `flat` gives the text that
   * replaces the match, with all blocks numbered from 0.
   */
  readonly stages?: { readonly pattern: RegExp; readonly flat: (block: number) => string } | undefined
}

/** The namings of state dicts; `structural`: the graph in the file tells; `order`: the order and the shapes of the tensors tell. */
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
