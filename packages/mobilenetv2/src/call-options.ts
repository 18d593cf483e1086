import { type Colour, checkBackground } from '@mobilenetv2/image'
import { checkOptionNames, type Global, integerOption, refuseOption, signalOption } from '@mobilenetv2/spec'

/** A signal that ends the work early. */
export interface SignalOptions {
  /** Ends the work with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** What every question about a picture takes. */
export interface PictureOptions extends SignalOptions {
  /** What a transparent picture lies on: red, green and blue, 0 to 255; white unless given. */
  readonly background?: Colour | undefined
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
  checkOptionNames(options, ['signal', 'background', ...others])
  signalOption(options.signal)
  if (options.background !== undefined) checkBackground(options.background)
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
