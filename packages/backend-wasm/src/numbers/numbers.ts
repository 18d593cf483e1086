import type { Code, Local, NewLocal, Statement } from '@mobilenetv2/assembler'
import type { LayerId } from '@mobilenetv2/spec'
import type { Finish, ValueBytes } from '../codegen/arithmetic.js'
import type { Emitter } from '../codegen/emitter.js'
import type { DepthwiseShape } from '../kernels/depthwise/shape.js'
import type { windowLocals, windowSums } from '../kernels/depthwise/windows.js'
import type { ProductShape } from '../kernels/pointwise/product.js'
import type { PoolShape } from '../kernels/pool/pool.js'
import type { Tuning } from '../tuning/tuning.js'

/** The sums of one pixel, 4 channels in each vector, and the byte at which the pixel begins in the output. */
export interface PixelSums {
  readonly vectors: readonly Local<'v128'>[]
  readonly offset: number
}

/** Where the packed weights have what a layer's sums are finished with. */
export interface FinishPlaces {
  /** The address from which the others count. */
  readonly base: Local<'i32'>
  /** Vectors of channels in a pixel. */
  readonly vectors: number
  /** Of the bias of a vector of channels; null if the sums began with it. */
  readonly bias: ((vector: number) => number) | null
  /** Of the multipliers of a vector of channels. */
  readonly multipliers: (vector: number) => number
}

/** What is done with sums before they are stored, and the stores. */
export interface Finishing {
  /** Comes before all sums. */
  readonly set: readonly Statement[]
  /** Finishes and stores sums. All residuals are read before the first store, because V8 joins no operations over a store. */
  store(pixels: readonly PixelSums[], output: Local<'i32'>, residual: Local<'i32'>): readonly Statement[]
}

/**
 * The numbers that a model computes with, of which `Layer` is what one layer is given: the bytes that values and weights take, and the
 * code of kernels as far as it depends on them.
 */
export interface Numbers<Layer = never> {
  /** What a device's name says of them. */
  readonly note: string
  /** Bytes of a value of an activation. */
  readonly valueBytes: ValueBytes
  /** Bytes of a value of the picture. */
  readonly pictureBytes: ValueBytes
  /** Bytes of a value between an expansion and its depthwise convolution. */
  readonly expandedBytes: ValueBytes
  /** Whether storing in 8 bits holds a layer's results within their bounds. */
  saturates(id: LayerId): boolean
  /** The byte that all values around a layer's input consist of. */
  border(id: LayerId): number
  /** The byte that the row at `zerosAddress` consists of. It stands around the map of a depthwise convolution. */
  readonly outside: number
  /** The largest kernel of a depthwise convolution whose sums these numbers hold; null if they hold all. */
  readonly largestDepthwise: number | null
  /** Whether kernels need the places of `FinishPlaces`. */
  readonly hasPlaces: boolean
  finishing(local: NewLocal, finish: Finish, places: FinishPlaces): Finishing
  readonly product: {
    /** Bytes before the weights of a block of 8 channels, and where the bias and the multipliers are in them. */
    readonly head: { readonly bytes: number; readonly bias: number; readonly multipliers: number }
    /** Whether a sum waits so long for the one before that a single pixel needs two of each. */
    readonly waits: boolean
    /** The pixels of a tile of 8 channels, and of one of 16. */
    tile(tuning: Tuning): Pick<Tuning, 'tilePixels' | 'doubleTilePixels'>
    multiplyAdd(emitter: Emitter, shape: ProductShape, pixel: Code<'v128'>, weights: Code<'v128'>, sum: Code<'v128'>): Code<'v128'>
    /**
     * Writes a layer's weights. Its kernel is `[taps][inputs][outputs]`.
     * @param starts of each tap: its place among the inputs of a product
     */
    pack(layer: Layer, shape: ProductShape, starts: readonly number[], memory: ArrayBufferLike, address: number): void
  }
  readonly depthwise: {
    /** Channels that are done at once. */
    channelsAtOnce(tuning: Tuning): Tuning['depthwiseChannels']
    /** Bytes before the taps of `channels` channels that are done at once. */
    headBytes(channels: number): number
    /** Sets what the sums begin with. */
    begin(sums: readonly Local<'v128'>[], weights: Local<'i32'>, shape: DepthwiseShape): Statement[]
    /** As `FinishPlaces`, from the weights of the channels on. */
    places(weights: Local<'i32'>, shape: DepthwiseShape): FinishPlaces
    /** See `windows.ts`, which only inputs in 8 bits need. */
    readonly windowLocals: typeof windowLocals
    readonly windowSums: typeof windowSums
    /** Writes a layer's weights. */
    pack(layer: Layer, shape: DepthwiseShape, memory: ArrayBufferLike, address: number): void
  }
  readonly pool: {
    /** Bytes of what a pool is given; 0 if that is nothing. */
    readonly bytes: number
    /** The mean of 8 channels. */
    emit(
      local: NewLocal,
      shape: PoolShape,
      input: Local<'i32'>,
      weights: Local<'i32'>,
      output: Local<'i32'>,
      residual: Local<'i32'>,
    ): readonly Statement[]
    pack(layer: Layer, shape: PoolShape, memory: ArrayBufferLike, address: number): void
  }
}
