import { MobileNetV2Error, messageOf, type UnsharedBytes } from '@mobilenetv2/spec'
import { recordHeader, type Taps, tapsAtOnce } from './filter.js'
import { maxSide, type Picture } from './picture.js'
import { generateResampleModule, type ResampleKernels } from './resample-kernels.js'

const pageBytes = 2 ** 16

/** Bytes of memory after a row that the kernels may read and write: up to three pixels and a vector. */
const beyond = 32

/** Bytes of the longest row of RGBA. */
const lineRoom = 4 * maxSide

/**
 * The address of the rows, which are after the records. The records are largest if a bicubic filter resizes `maxSide` pixels to about as
 * many: each output pixel then has about 4 taps, which take 16 bytes. Headers and the weights of 0 that fill up a group come on top.
 */
const linesAt = 60 * maxSide
const targetAt = linesAt + lineRoom + beyond
const pages = Math.ceil((targetAt + lineRoom + beyond) / pageBytes)

interface Resampler {
  readonly memory: Uint8Array<ArrayBuffer>
  readonly kernels: ResampleKernels
}

/** The code of the kernels. */
export function resampleCode(): UnsharedBytes {
  return generateResampleModule(pages)
}

function startResampler(given?: WebAssembly.Module): Resampler {
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    // Compiled synchronously: for a module of a kilobyte that takes less time than a turn of the event loop.
    const { exports } = new WebAssembly.Instance(given ?? new WebAssembly.Module(resampleCode()), { env: { memory } })
    return { memory: new Uint8Array(memory.buffer), kernels: exports as unknown as ResampleKernels }
  } catch (cause) {
    throw new MobileNetV2Error('IMAGE', 'Resizing a picture needs WebAssembly with 128-bit SIMD.', {
      expected: 'Node 20, Chrome 91, Firefox 89 or Safari 16.4, or later',
      got: messageOf(cause),
      remedy:
        "If the page has a content security policy, allow 'wasm-unsafe-eval' in its script-src. If the engine compiles no generated code, as on Cloudflare Workers, give load the option modules with the files that `mobilenetv2 emit` writes.",
      cause,
    })
  }
}

/** The resampler of all pictures. Each call copies its input into the memory, and its result out of it. */
let started: Resampler | undefined

/** Starts with a module that has the code of the kernels, unless they are started already. */
export function startResamplerWith(module: WebAssembly.Module): void {
  started ??= startResampler(module)
}

function resampler(): Resampler {
  started ??= startResampler()
  return started
}

/** Resizes the rows of a picture along x, and writes them without alpha into `target`, `[height, taps.count, 3]`. */
export function resampleRows({ data, width, height, channels }: Picture, taps: Taps, target: Uint8ClampedArray): void {
  const { memory, kernels } = resampler()
  const resampleRow = channels === 3 ? kernels.rgb : kernels.rgba
  memory.set(taps.records)
  const from = width * channels
  const to = taps.count * 3
  // Many rows are copied at once, because each copy creates a view. Many short-lived views make the garbage collector move the picture to
  // the memory of long-lived objects, which it empties more rarely.
  const atOnce = Math.floor(lineRoom / Math.max(from, to))
  for (let first = 0; first < height; first += atOnce) {
    const count = Math.min(atOnce, height - first)
    memory.set(data.subarray(first * from, (first + count) * from), linesAt)
    for (let row = 0; row < count; row++) {
      resampleRow(linesAt + row * from, 0, taps.records.length, taps.recordBytes - recordHeader, targetAt + row * to)
    }
    target.set(memory.subarray(targetAt, targetAt + count * to), first * to)
  }
}

/**
 * Computes row `y` of the result, and writes it into `target`.
 * @param rows the rows that its taps need, `[taps.lengths[y], target.length]`
 */
export function resampleColumns(rows: Uint8ClampedArray, taps: Taps, y: number, target: Uint8ClampedArray): void {
  const { memory, kernels } = resampler()
  const record = taps.records.subarray(y * taps.recordBytes, (y + 1) * taps.recordBytes)
  memory.set(record, linesAt)
  const weights = linesAt + recordHeader
  const count = taps.lengths[y]!
  // The rows overwrite the records. As many columns as have room are computed at once: nearly always all.
  const most = Math.min(target.length, Math.floor(linesAt / (count + tapsAtOnce)))
  for (let first = 0; first < target.length; first += most) {
    const length = Math.min(most, target.length - first)
    if (length === target.length) {
      memory.set(rows)
    } else {
      for (let row = 0; row < count; row++) {
        const from = row * target.length + first
        memory.set(rows.subarray(from, from + length), row * length)
      }
    }
    kernels.columns(0, length, weights, linesAt + record.length, targetAt, targetAt + length)
    target.set(memory.subarray(targetAt, targetAt + length), first)
  }
}
