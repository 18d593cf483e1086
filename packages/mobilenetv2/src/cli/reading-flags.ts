import { readLabels } from '@mobilenetv2/weights'
import { type Command, Option } from 'commander'
import { readBytes } from '../read-bytes.js'
import type { ReadNetworkOptions } from '../read-network.js'

/** The longest file of labels: 4 MiB. ImageNet's 21,841 take 0.6 MB. */
const longestLabels = 2 ** 22

/** The flags that say what a file leaves open. */
export interface ReadingFlags {
  readonly labels?: string | undefined
  readonly output?: 'softmax' | 'sigmoid' | undefined
  readonly weights?: string | undefined
}

/** Adds the flags that say what a file leaves open. */
export function addReadingFlags(command: Command): Command {
  return command
    .option(
      '--labels <file>',
      'names of the classes: a text with one in each line, or JSON (default: what the model or a file beside it says)',
    )
    .addOption(
      new Option('--output <kind>', 'how the last layer is read (default: what the model says)').choices(['softmax', 'sigmoid']),
    )
    .option(
      '--weights <prefix>',
      'which of several networks in a file: ema for averaged weights, else the prefix of its names (default: what is not averaged)',
    )
}

/**
 * The options of `readNetwork` that the flags give.
 * @throws MobileNetV2Error `SOURCE` if the file of labels cannot be read, `OPTION` if it holds none
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
