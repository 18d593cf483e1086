import { checkOptionNames, integerOption, signalOption, typeOption } from '@mobilenetv2/spec'
import type { PictureOptions } from '../call-options.js'

/** How far an evaluation has come, in pictures. */
export interface EvaluateProgress {
  readonly done: number
  readonly total: number
}

/** What `evaluate` takes beside the pictures. */
export interface EvaluateOptions extends PictureOptions {
  /**
   * The path of a file with the labels of the pictures in a folder: in each line a picture and its label, or a label for each picture in
   * the order of their names. Unless given, `labels.csv`, `labels.txt` or `val.txt` in a folder that has pictures itself.
   */
  readonly labels?: string | undefined
  /** How many of the worst mistakes are listed: 0 or more; 10 unless given. */
  readonly mistakes?: number | undefined
  /** Fits a temperature to these pictures. All logits are kept for that: 4 KB a picture for 1000 classes. */
  readonly temperature?: boolean | undefined
  /** Told of each picture that is done. */
  readonly onProgress?: ((progress: EvaluateProgress) => void) | undefined
}

/**
 * Checks all options but `background` and `decode`, which `classifyBatch` checks. Their check is not imported: what two chunks of a page
 * share becomes a chunk of its own, which every page would fetch.
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
