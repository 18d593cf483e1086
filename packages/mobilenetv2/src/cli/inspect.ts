import { shortened, totalMultiplyAdds, totalParameters } from '@mobilenetv2/spec'
import { type Checkpoint, type Network, toNetwork } from '@mobilenetv2/weights'
import type { Command } from 'commander'
import { openCheckpoint } from '../read-network.js'
import { print } from './output.js'
import { printable, printableJson } from './printable.js'
import { addReadingFlags, type ReadingFlags, readingOptions } from './reading-flags.js'

interface InspectFlags extends ReadingFlags {
  readonly json?: true
}

/** What is known about a file, for programs. */
function jsonOf(
  checkpoint: Checkpoint,
  { options, architecture, preprocessing, classes, source, report, reasons }: Network,
): string {
  const { family, input, padding } = architecture
  const { labels, background, output, outputReason } = classes
  const tensors = Array.from(checkpoint.tensors.values(), ({ name, shape, dtype }) => ({ name, shape, dtype }))
  return printableJson({
    ...source,
    family,
    widthMultiplier: options.widthMultiplier,
    input,
    padding,
    options,
    classes: { count: architecture.classes, labels, background, output, outputReason },
    preprocessing,
    parameters: totalParameters(architecture),
    multiplyAdds: totalMultiplyAdds(architecture),
    report,
    reasons,
    tensors,
  })
}

/** What is known about a file, for people. */
function textOf(
  checkpoint: Checkpoint,
  { options, architecture, preprocessing, classes, source, report, reasons }: Network,
): string {
  const { height, width } = architecture.input
  const { labels, background, output } = classes
  const facts = [
    ['file', source.file],
    ['format', source.format],
    ['network', `${architecture.family}, names as in ${source.naming}`],
    ['width multiplier', String(options.widthMultiplier ?? 1)],
    ['input', `${height} x ${width}, padding ${architecture.padding}`],
    ['classes', `${architecture.classes}${background === null ? '' : `, ${background} is the background`}, ${output}`],
    ['labels', labels.length === 0 ? 'none' : `${labels.slice(0, 3).join('; ')}${labels.length > 3 ? '; …' : ''}`],
    ['preprocessing', `${preprocessing.geometry.kind}, ${preprocessing.interpolation}`],
    ...(report === undefined ? [] : [['training', shortened(JSON.stringify(report))]]),
    ['parameters', totalParameters(architecture).toLocaleString('en-US')],
    ['multiply-adds', totalMultiplyAdds(architecture).toLocaleString('en-US')],
  ]
  return [
    ...facts.map(([name, value = '']) => `${name?.padEnd(18)}${printable(value)}`),
    '\nHow this was decided:',
    ...reasons.map((reason) => `- ${printable(reason)}`),
    `\n${checkpoint.tensors.size} tensors:`,
    ...Array.from(
      checkpoint.tensors.values(),
      ({ name, shape, dtype }) => `${dtype.padEnd(9)}[${shape.join(', ')}]  ${printable(name)}`,
    ),
  ].join('\n')
}

/** `inspect`: what a checkpoint file is, and how that was decided. A file that cannot be loaded is refused here too. */
export function addInspect(program: Command): void {
  const command = program
    .command('inspect')
    .description('print what a checkpoint file is: format, network, width multiplier, classes, tensors')
    .argument('<file>', 'path or URL of a checkpoint, path of its folder, or an id that `models` lists')
  addReadingFlags(command)
    .option(
      '--json',
      'print one JSON object: file, format, naming, family, options, input, classes, preprocessing, reasons, tensors and more',
    )
    .action(async (file: string, { json, ...flags }: InspectFlags) => {
      const { checkpoint, known } = await openCheckpoint(file, await readingOptions(flags))
      const network = await toNetwork(checkpoint, known)
      print((json ? jsonOf : textOf)(checkpoint, network))
    })
}
