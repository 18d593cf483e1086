import { preprocessRows } from '@mobilenetv2/image'
import { type Architecture, inputLength, MobileNetV2Error, refuseOption, typeOption } from '@mobilenetv2/spec'
import { type CalibrationNetwork, checkQuantizable, type Network, quantizeNetwork } from '@mobilenetv2/weights'
import { openBackend } from './backends.js'
import { checkPictureOptions, type PictureOptions } from './call-options.js'
import { decodeAhead } from './decode-ahead.js'
import { decodingOf, openPicture, type PictureSource } from './picture-source.js'

/**
 * How far a quantisation has come: `done` of `total` steps. Each picture that is read is a step, and so is each layer that is quantised.
 */
export interface QuantizeProgress {
  readonly done: number
  readonly total: number
}

/** Options of `quantize`. */
export interface QuantizeOptions<Source = PictureSource> extends PictureOptions {
  /** Threads of the WebAssembly backend, which runs the network: 0 to 64, 0 is the calling thread. */
  readonly threads?: number | undefined
  /** Called after each picture that was read and each layer that was quantised. */
  readonly onProgress?: ((progress: QuantizeProgress) => void) | undefined
  /**
   * Called for a picture that cannot be read, which is then left out. Unless given, such a picture ends the quantisation with its error.
   */
  readonly onUnreadable?: ((picture: Source, error: unknown) => void) | undefined
}

/** The most pictures that are used. The choice of the pictures changes the result more than a larger number would. */
const mostPictures = 200

/** The most bytes that the inputs of all pictures may take together. */
const mostBytes = 2 ** 27

/**
 * Chooses `most` items, evenly spread over the list and in an order that jumps about in it. Neighbours in the list may be alike, as in a
 * folder that has one class after the other. The first few of the chosen items are spread evenly too.
 */
export function spread<Item>(items: readonly Item[], most: number): Item[] {
  const count = Math.min(items.length, most)
  // Multiples of the golden ratio, modulo 1, are spread evenly for any number of them.
  const step = (Math.sqrt(5) - 1) / 2
  const ranks = Array.from({ length: count }, (_, index) => ({ index, at: (index * step) % 1 }))
  const places = new Array<number>(count)
  for (const [rank, { index }] of ranks.sort((one, other) => one.at - other.at).entries()) places[index] = rank
  return places.map((rank) => items[Math.floor((rank * items.length) / count)]!)
}

function mostFor(architecture: Architecture): number {
  return Math.max(1, Math.min(mostPictures, Math.floor(mostBytes / (4 * inputLength(architecture)))))
}

function refuseQuantized({ integers, source }: Network): void {
  if (integers === null) return
  throw new MobileNetV2Error('OPTION', 'This network is quantised already.', {
    where: `file ${source.file}`,
    expected: 'a network of floats',
    remedy: "Run it as it is, with the precision 'int8'.",
  })
}

async function readInputs<Source extends PictureSource>(
  network: Network,
  pictures: readonly Source[],
  options: QuantizeOptions<Source>,
  onPicture: () => void,
): Promise<Float32Array[]> {
  const { signal, onUnreadable } = options
  const { preprocessing, architecture } = network
  const inputs: Float32Array[] = []
  const decoding = decodingOf(options, network)
  const open: typeof openPicture = (picture, ending) => openPicture(picture, ending, decoding)
  for await (const { source, opening } of decodeAhead(pictures, open, signal)) {
    try {
      const { rows } = await opening
      inputs.push(await preprocessRows(rows, preprocessing, architecture.input, { signal }))
    } catch (error) {
      signal?.throwIfAborted()
      if (onUnreadable === undefined) throw error
      onUnreadable(source, error)
    }
    onPicture()
  }
  return inputs
}

/**
 * Quantises a float32 network after its training. Kernels become int8 with a scale for each output channel. Activations become int8 with
 * the ranges that they have on the pictures. Biases are corrected by the mean error that remains on the pictures. The pictures need no
 * labels; 50 photos of the kind that the network will be given are enough. Of more than 200 pictures, 200 are used, spread over the list.
 *
 * The result has `integers`, which the backend `wasm` runs with the precision `int8`, and which `toTflite` of `@mobilenetv2/weights` writes
 * with `{ dtype: 'I8' }`. Its `parameters` are the values that the integers stand for.
 * @param network of any format, such as `model.network`
 * @throws MobileNetV2Error `OPTION` if the network is quantised already, if one of its layers cannot be quantised, such as a max pool,
 * if an option is wrong, or if there is no picture; `PARAMETERS` if the network gives a value that is not finite; `SOURCE` or `IMAGE` if a
 * picture cannot be read and `onUnreadable` is not given; `BACKEND` if the backend `wasm` cannot run here; the signal's reason
 * @example
 * ```ts
 * import { quantize, readNetwork } from 'mobilenetv2'
 * import { toTflite } from '@mobilenetv2/weights'
 *
 * const quantised = await quantize(await readNetwork('mobilenet_v2.pth'), ['1.jpg', '2.jpg', '3.jpg'])
 * const bytes = toTflite(quantised, { dtype: 'I8' })
 * ```
 */
export async function quantize<Source extends PictureSource>(
  network: Network,
  pictures: readonly Source[],
  options: QuantizeOptions<Source> = {},
): Promise<Network> {
  const { threads, onProgress, onUnreadable, ...rest } = options
  checkPictureOptions(rest)
  typeOption('onProgress', onProgress, 'function')
  typeOption('onUnreadable', onUnreadable, 'function')
  if (!Array.isArray(pictures) || pictures.length === 0) refuseOption('pictures', pictures, 'an array of one picture or more')
  const { architecture, reasons } = network
  refuseQuantized(network)
  checkQuantizable(architecture)
  const floats = await openBackend('wasm', { threads })
  const integers = await openBackend('wasm', { threads, precision: 'int8' })
  const chosen = spread(pictures, mostFor(architecture))
  const total = chosen.length + architecture.layers.length
  let done = 0
  const advance = (): void => onProgress?.({ done: ++done, total })
  const inputs = await readInputs(network, chosen, options, advance)
  if (inputs.length === 0) refuseOption('pictures', pictures, 'one picture that can be read, or more')
  const { signal } = options

  async function* run(part: CalibrationNetwork): AsyncGenerator<Float32Array, void, void> {
    signal?.throwIfAborted()
    const backend = part.integers === null ? floats : integers
    const compiled = await backend.compile(part.architecture, part.parameters, part.integers)
    try {
      for (const input of inputs) yield (await compiled.run(input, { signal })).logits
    } finally {
      compiled.dispose()
    }
  }

  const numbers = await quantizeNetwork(network, run, advance)
  // The original BatchNorms no longer belong to these kernels, so they are dropped.
  return {
    ...network,
    ...numbers,
    batchNorms: new Map(),
    reasons: [...reasons, `quantised to int8 with ${inputs.length} pictures`],
  }
}
