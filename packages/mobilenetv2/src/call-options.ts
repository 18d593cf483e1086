import { type Colour, checkBackground } from '@mobilenetv2/image'
import { checkOptionNames, choiceOption, type Global, integerOption, refuseOption, signalOption } from '@mobilenetv2/spec'
import { decodings } from '#files'

/** An option of calls that can be ended early. */
export interface SignalOptions {
  /** Ends the work with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** Options of every call that takes a picture. */
export interface PictureOptions extends SignalOptions {
  /** The colour behind a transparent picture: red, green and blue, 0 to 255; white unless given. */
  readonly background?: Colour | undefined
  /**
   * How files are decoded. `exact` unless given: in full size, so that the network's input is bit for bit what Pillow gives. `fast`, in
   * Node only: if a JPEG is to be resized to less than half of its height and width, its decoder already gives it smaller. A photo of 12
   * megapixels then takes a third of the time, and its answers change a little. Smaller photos and all other files are decoded as with
   * `exact`.
   */
  readonly decode?: 'exact' | 'fast' | undefined
}

/** Options of `classify`, `classifyBatch` and `webcam`. */
export interface ClassifyOptions extends PictureOptions {
  /** How many answers: 1 or more; 5 unless given. */
  readonly top?: number | undefined
  /** The least probability of an answer, 0 to 1; 0 unless given. */
  readonly threshold?: number | undefined
}

/** Options of `embed`. */
export interface EmbedOptions extends PictureOptions {
  /** Whether to scale the vector to length 1; false unless given. */
  readonly normalize?: boolean | undefined
}

/** Options of `explain`. */
export interface ExplainOptions extends PictureOptions {
  /** The index of the class, as in an answer; the most probable class unless given. */
  readonly class?: number | undefined
}

/**
 * Checks the options of a call that takes a picture.
 * @param others the names of further options that the call takes
 * @throws MobileNetV2Error `OPTION` if one of `PictureOptions` is wrong, or if an option has another name
 */
export function checkPictureOptions(options: PictureOptions, others: readonly string[] = []): void {
  checkOptionNames(options, ['signal', 'background', 'decode', ...others])
  signalOption(options.signal)
  if (options.background !== undefined) checkBackground(options.background)
  if (options.decode !== undefined) choiceOption<'exact' | 'fast'>('decode', options.decode, decodings)
}

/** @throws MobileNetV2Error `OPTION` */
export function checkClassifyOptions(options: ClassifyOptions): {
  readonly top: number
  readonly threshold: number
} {
  checkPictureOptions(options, ['top', 'threshold'])
  const { top = 5, threshold = 0 } = options
  integerOption('top', top, 1, Number.MAX_SAFE_INTEGER)
  if (!(typeof threshold === 'number' && threshold >= 0 && threshold <= 1))
    refuseOption('threshold', threshold, 'a number from 0 to 1')
  return { top, threshold }
}
