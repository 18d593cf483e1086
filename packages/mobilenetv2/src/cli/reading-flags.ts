import { readLabels } from '@mobilenetv2/weights'
import { type Command, Option } from 'commander'
import { readBytes } from '../read-bytes.js'
import type { ReadNetworkOptions } from '../read-network.js'

/** The most bytes of a file of labels: 4 MiB. The 21,841 labels of the whole ImageNet take 0.6 MB. */
const longestLabels = 2 ** 22

/** The flags for what a checkpoint does not say. */
export interface ReadingFlags {
  readonly labels?: string | undefined
  readonly output?: 'softmax' | 'sigmoid' | undefined
  readonly weights?: string | undefined
}

/** Adds the flags for what a checkpoint does not say. */
export function addReadingFlags(command: Command): Command {
  return command
    .option(
      '--labels <file>',
      'names of the classes: a text file with one name per line, or JSON (default: from the model or a file beside it)',
    )
    .addOption(
      new Option('--output <kind>', 'how the last layer is read (default: from the model)').choices(['softmax', 'sigmoid']),
    )
    .option(
      '--weights <prefix>',
      'which of several networks in a file to read: ema for averaged weights, else the prefix of its tensor names (default: the one that is not averaged)',
    )
}

/**
 * The options of `readNetwork` that the flags give.
 * @throws MobileNetV2Error `SOURCE` if the file of labels cannot be read; `OPTION` if it has no labels
 */
export async function readingOptions({
  labels,
  output,
  weights,
}: ReadingFlags): Promise<Pick<ReadNetworkOptions, 'labels' | 'output' | 'weights'>> {
  return {
    output,
    weights,
    labels: labels === undefined ? undefined : await readLabels(await readBytes(labels, longestLabels), labels),
  }
}
