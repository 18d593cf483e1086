import { type Colour, checkBackground } from '@mobilenetv2/image'
import { checkOptionNames, choiceOption, type Global, integerOption, refuseOption, signalOption } from '@mobilenetv2/spec'
import { decodings } from '#files'

/** A signal that ends the work early. */
export interface SignalOptions {
  /** Ends the work with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** What every question about a picture takes. */
export interface PictureOptions extends SignalOptions {
  /** What a transparent picture lies on: red, green and blue, 0 to 255; white unless given. */
  readonly background?: Colour | undefined
  /**
   * How files are decoded. `exact` unless given: whole, so that a picture is prepared bit for bit as with Pillow. `fast`, in Node: a JPEG
   * that is resized to less than a half of its sides is made smaller by its decoder. A photo of 12 megapixels then takes a third of the
   * time, and its answers change a little. Smaller photos and all other files stay as they are.
   */
  readonly decode?: 'exact' | 'fast' | undefined
}

/** What one classification takes. */
export interface ClassifyOptions extends PictureOptions {
  /** How many answers: 1 or more; 5 unless given. */
  readonly top?: number | undefined
  /** The least probability of an answer, 0 to 1; 0 unless given. */
  readonly threshold?: number | undefined
}

/** What one embedding takes. */
export interface EmbedOptions extends PictureOptions {
  /** Scales the vector to length 1. */
  readonly normalize?: boolean | undefined
}

/** What one explanation takes. */
export interface ExplainOptions extends PictureOptions {
  /** Index of the class among the answers; the most probable one unless given. */
  readonly class?: number | undefined
}

/** @throws MobileNetV2Error `OPTION` if one of `PictureOptions` is wrong, or if there is an option beside them and the `others` */
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
