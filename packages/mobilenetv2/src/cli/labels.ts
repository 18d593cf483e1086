import { readLabels } from '@mobilenetv2/weights'
import { type Command, Option } from 'commander'
import { readBytes } from '../read-bytes.js'
import type { ReadNetworkOptions } from '../read-network.js'

/** The flags that say what the outputs of a network are. */
export interface ClassFlags {
  readonly labels?: string | undefined
  readonly output?: 'softmax' | 'sigmoid' | undefined
}

/** Adds the flags that say what the outputs of a network are. */
export function addClassFlags(command: Command): Command {
  return command
    .option(
      '--labels <file>',
      'names of the classes: a text with one in each line, or JSON (default: what the model or a file beside it says)',
    )
    .addOption(
      new Option('--output <kind>', 'how the last layer is read (default: what the model says)').choices(['softmax', 'sigmoid']),
    )
}

/**
 * The options of `readNetwork` that the flags give.
 * @throws MobileNetV2Error `SOURCE` if the file of labels cannot be read, `OPTION` if it holds none
 */
export async function classOptions({ labels, output }: ClassFlags): Promise<Pick<ReadNetworkOptions, 'labels' | 'output'>> {
  return { output, labels: labels === undefined ? undefined : await readLabels(await readBytes(labels), labels) }
}
