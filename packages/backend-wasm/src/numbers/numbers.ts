import type { Code, Local, NewLocal, Statement } from '@mobilenetv2/assembler'
import type { LayerId } from '@mobilenetv2/spec'
import type { Finish, ValueBytes } from '../codegen/arithmetic.js'
import type { Emitter } from '../codegen/emitter.js'
import type { DepthwiseShape } from '../kernels/depthwise/shape.js'
import type { windowLocals, windowSums } from '../kernels/depthwise/windows.js'
import type { ProductShape } from '../kernels/pointwise/product.js'
import type { PoolShape } from '../kernels/pool/pool.js'
import type { Tuning } from '../tuning/tuning.js'

/** The sums of one pixel, 4 channels in each vector, and the offset in bytes of the pixel in the output. */
export interface PixelSums {
  readonly vectors: readonly Local<'v128'>[]
  readonly offset: number
}

/** Where the packed weights have the numbers that finish a layer's sums. */
export interface FinishPlaces {
  /** The address that the offsets are relative to. */
  readonly base: Local<'i32'>
  /** The number of vectors of channels in a pixel. */
  readonly vectors: number
  /** The offset of the bias of a vector of channels; null if the sums began with the bias. */
  readonly bias: ((vector: number) => number) | null
  /** The offset of the multipliers of a vector of channels. */
  readonly multipliers: (vector: number) => number
}

/** The code that finishes sums and stores them. */
export interface Finishing {
  /** Sets locals; it must run before `store`. */
  readonly set: readonly Statement[]
  /** Finishes and stores sums. All residuals are read before the first store, because V8 does not join operations across a store. */
  store(pixels: readonly PixelSums[], output: Local<'i32'>, residual: Local<'i32'>): readonly Statement[]
}

/**
 * The numbers that a model computes with: the bytes of values and weights, and the code of kernels that depends on them. `Layer` is the
 * type of the parameters of one layer.
 */
export interface Numbers<Layer = never> {
  /** The text about them in a model's `device`. */
  readonly note: string
  /** The bytes of a value of an activation. */
  readonly valueBytes: ValueBytes
  /** The bytes of a value of the picture. */
  readonly pictureBytes: ValueBytes
  /** The bytes of a value between an expansion and its depthwise convolution. */
  readonly expandedBytes: ValueBytes
  /** Whether saturation when storing in 8 bits keeps a layer's results within their bounds. */
  saturates(id: LayerId): boolean
  /** The byte of which all values around a layer's input consist. */
  border(id: LayerId): number
  /** The byte of which the row at `zerosAddress` consists. Depthwise convolutions read it around their map. */
  readonly outside: number
  /** The largest kernel of a depthwise convolution whose sums fit these numbers; null if all do. */
  readonly largestDepthwise: number | null
  /** Whether kernels need `FinishPlaces`. */
  readonly hasPlaces: boolean
  finishing(local: NewLocal, finish: Finish, places: FinishPlaces): Finishing
  readonly product: {
    /** The bytes before the weights of a block of 8 channels, and the offsets of the bias and the multipliers in them. */
    readonly head: { readonly bytes: number; readonly bias: number; readonly multipliers: number }
    /** Whether an addition has such a long latency that a single pixel needs two accumulators for each sum. */
    readonly waits: boolean
    /** The pixels of a tile of 8 channels, and of a tile of 16 channels. */
    tile(tuning: Tuning): Pick<Tuning, 'tilePixels' | 'doubleTilePixels'>
    multiplyAdd(emitter: Emitter, shape: ProductShape, pixel: Code<'v128'>, weights: Code<'v128'>, sum: Code<'v128'>): Code<'v128'>
    /**
     * Writes a layer's weights. Its kernel is `[taps][inputs][outputs]`.
     * @param starts for each tap, the index of its first input in a product
     */
    pack(layer: Layer, shape: ProductShape, starts: readonly number[], memory: ArrayBufferLike, address: number): void
  }
  readonly depthwise: {
    /** The channels that are computed at once. */
    channelsAtOnce(tuning: Tuning): Tuning['depthwiseChannels']
    /** The bytes before the taps of `channels` channels that are computed at once. */
    headBytes(channels: number): number
    /** Sets the initial values of the sums. */
    begin(sums: readonly Local<'v128'>[], weights: Local<'i32'>, shape: DepthwiseShape): Statement[]
    /** The `FinishPlaces`, relative to the weights of the channels. */
    places(weights: Local<'i32'>, shape: DepthwiseShape): FinishPlaces
    /** See `windows.ts`. Only inputs in 8 bits need it. */
    readonly windowLocals: typeof windowLocals
    readonly windowSums: typeof windowSums
    /** Writes a layer's weights. */
    pack(layer: Layer, shape: DepthwiseShape, memory: ArrayBufferLike, address: number): void
  }
  readonly pool: {
    /** The bytes of a pool's constants; 0 if it has none. */
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
