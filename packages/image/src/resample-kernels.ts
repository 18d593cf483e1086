import {
  advance,
  bytes16,
  type Code,
  createModule,
  type FunctionRef,
  i32,
  type Local,
  load,
  loopWhile,
  type ModuleBuilder,
  op,
  shuffle,
  store,
} from '@mobilenetv2/assembler'
import { lowBits, recordHeader, tapsAtOnce, weightBits, weightsBytes } from './filter.js'

const vectorBytes = 16

/** Half a level. Added before the shift by `weightBits`, it makes the shift round. */
const half = 1 << (weightBits - 1)

/** The lanes of a shuffle that takes two pixels from a vector as 16-bit numbers: both reds, both greens, both blues, two zeros. */
function pixelPair(channels: number, first: number): Code<'v128'> {
  const none = 0xff
  const lanes = [0, 1, 2].flatMap((channel) => [first, first + 1].flatMap((pixel) => [pixel * channels + channel, none]))
  return bytes16([...lanes, none, none, none, none])
}

/** Two sums of levels times weights, for the high and the low bits of the weights: one 16-bit factor has no room for both. */
interface Sums {
  readonly high: Local<'v128'>
  readonly low: Local<'v128'>
}

/**
 * Adds two taps. Each 32-bit lane of `levels` holds the levels of both. At `weights` are the high bits of all `tapsAtOnce` taps, and after
 * them the low bits.
 */
function addPair({ high, low }: Sums, levels: Code<'v128'>, weights: Local<'i32'>, pair: number) {
  const product = (offset: number): Code<'v128'> =>
    op('i32x4.dot_i16x8_s', levels, load('v128.load32_splat', weights.get, offset + 4 * pair))
  return [high.set(op('i32x4.add', high.get, product(0))), low.set(op('i32x4.add', low.get, product(2 * tapsAtOnce)))]
}

function clear({ high, low }: Sums) {
  return [high.set(op('i32x4.splat', i32(0))), low.set(op('i32x4.splat', i32(half)))]
}

/** The two sums added up and rounded to levels, in 32-bit lanes. */
function levelsOf({ high, low }: Sums): Code<'v128'> {
  return op('i32x4.shr_s', op('i32x4.add', op('i32x4.shl', high.get, i32(lowBits)), low.get), i32(weightBits))
}

/** Eight 32-bit lanes as bytes, clamped to 0 to 255, in both halves of a vector. */
function toBytes(a: Code<'v128'>, b: Code<'v128'>): Code<'v128'> {
  const narrow = op('i16x8.narrow_i32x4_s', a, b)
  return op('i8x16.narrow_i16x8_u', narrow, narrow)
}

/**
 * The kernel (row, records, recordsEnd, weightBytes, target). It resizes a row of pixels along x, to one RGB pixel for each record. It
 * reads up to three pixels and a vector beyond the row, whose weights are 0, and writes 13 bytes beyond the target.
 */
function defineRow(module: ModuleBuilder, channels: 3 | 4): FunctionRef {
  return module.define(5, (local, row, record, recordsEnd, weightBytes, target) => {
    const from = local('i32')
    const end = local('i32')
    const pixels = local('v128')
    const sums = { high: local('v128'), low: local('v128') }
    const pair = (number: number) =>
      addPair(sums, op('i8x16.swizzle', pixels.get, pixelPair(channels, 2 * number)), record!, number)
    return [
      loopWhile(
        [
          from.set(op('i32.add', row!.get, op('i32.mul', load('i32.load', record!.get), i32(channels)))),
          advance(record!, recordHeader),
          end.set(op('i32.add', record!.get, weightBytes!.get)),
          ...clear(sums),
          loopWhile(
            [
              pixels.set(load('v128.load', from.get)),
              ...pair(0),
              ...pair(1),
              advance(from, tapsAtOnce * channels),
              advance(record!, weightsBytes),
            ],
            op('i32.ne', record!.get, end.get),
          ),
          pixels.set(levelsOf(sums)),
          store('v128.store', target!.get, toBytes(pixels.get, pixels.get)),
          advance(target!, 3),
        ],
        op('i32.ne', record!.get, recordsEnd!.get),
      ),
    ]
  })
}

/** The lanes of a shuffle that interleaves the first eight bytes of two vectors. */
const inTurn = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((lane) => [lane, vectorBytes + lane])

/** How many levels the kernel of columns computes at once. */
const columnsAtOnce = 8

/**
 * The kernel (rows, stride, weights, weightsEnd, target, targetEnd). It computes one row, the weighted sum of rows of `stride` bytes, of
 * which there is one for each weight. It reads and writes up to a vector beyond the rows and the target.
 */
function defineColumns(module: ModuleBuilder): FunctionRef {
  return module.define(6, (local, rows, stride, weights, weightsEnd, target, targetEnd) => {
    const from = local('i32')
    const weight = local('i32')
    const pairs = local('v128')
    const left = { high: local('v128'), low: local('v128') }
    const right = { high: local('v128'), low: local('v128') }
    const nextRow = from.set(op('i32.add', from.get, stride!.get))
    const pair = (number: number) => [
      pairs.set(shuffle(load('v128.load', from.get), load('v128.load', op('i32.add', from.get, stride!.get)), inTurn)),
      ...addPair(left, op('i16x8.extend_low_i8x16_u', pairs.get), weight, number),
      ...addPair(right, op('i16x8.extend_high_i8x16_u', pairs.get), weight, number),
      nextRow,
      nextRow,
    ]
    return [
      loopWhile(
        [
          from.set(rows!.get),
          weight.set(weights!.get),
          ...clear(left),
          ...clear(right),
          loopWhile([...pair(0), ...pair(1), advance(weight, weightsBytes)], op('i32.ne', weight.get, weightsEnd!.get)),
          store('v128.store', target!.get, toBytes(levelsOf(left), levelsOf(right))),
          advance(rows!, columnsAtOnce),
          advance(target!, columnsAtOnce),
        ],
        op('i32.lt_u', target!.get, targetEnd!.get),
      ),
    ]
  })
}

/** What the module exports: the kernel of `defineRow` for 3 and for 4 channels, and that of `defineColumns`. */
export interface ResampleKernels {
  rgb(row: number, records: number, recordsEnd: number, weightBytes: number, target: number): void
  rgba(row: number, records: number, recordsEnd: number, weightBytes: number, target: number): void
  columns(rows: number, stride: number, weights: number, weightsEnd: number, target: number, targetEnd: number): void
}

/** Generates the WebAssembly module of the kernels, 1.2 KB. `pages` is the size of the memory that it imports. */
export function generateResampleModule(pages: number): Uint8Array<ArrayBuffer> {
  const module = createModule({ pages })
  const kernels: Record<keyof ResampleKernels, FunctionRef> = {
    rgb: defineRow(module, 3),
    rgba: defineRow(module, 4),
    columns: defineColumns(module),
  }
  for (const [name, kernel] of Object.entries(kernels)) module.export(name, kernel)
  return module.encode()
}
