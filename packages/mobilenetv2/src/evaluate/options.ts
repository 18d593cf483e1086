import { checkOptionNames, integerOption, signalOption, typeOption } from '@mobilenetv2/spec'
import type { PictureOptions } from '../call-options.js'

/** How far an evaluation has come: `done` pictures of `total`. */
export interface EvaluateProgress {
  readonly done: number
  readonly total: number
}

/** Options of `Model.evaluate`. */
export interface EvaluateOptions extends PictureOptions {
  /**
   * The path of a label file for the pictures in a folder: each line has a picture and its label; or each line is a label, for the pictures
   * in the order of their names. Unless given, `labels.csv`, `labels.txt` or `val.txt` is used, if it lies in a folder of pictures.
   */
  readonly labels?: string | undefined
  /** How many of the worst mistakes are listed: 0 or more; 10 unless given. */
  readonly mistakes?: number | undefined
  /**
   * Whether to fit a temperature to these pictures; false unless given. All logits are kept for that: 4 KB per picture for 1000 classes.
   */
  readonly temperature?: boolean | undefined
  /** Called after each picture. */
  readonly onProgress?: ((progress: EvaluateProgress) => void) | undefined
}

/**
 * Checks all options but `background` and `decode`, which `classifyBatch` checks. Importing that check here would make bundlers put it into
 * a chunk of its own, which every page would have to fetch.
 * @throws MobileNetV2Error `OPTION`
 */
export function checkEvaluateOptions(options: EvaluateOptions): { readonly mistakes: number; readonly temperature: boolean } {
  checkOptionNames(options, ['labels', 'mistakes', 'temperature', 'onProgress', 'signal', 'background', 'decode'])
  signalOption(options.signal)
  const { labels, mistakes = 10, temperature, onProgress } = options
  typeOption('labels', labels, 'string')
  integerOption('mistakes', mistakes, 0, Number.MAX_SAFE_INTEGER)
  typeOption('temperature', temperature, 'boolean')
  typeOption('onProgress', onProgress, 'function')
  return { mistakes, temperature: temperature ?? false }
}
