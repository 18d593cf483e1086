import { defineMobileNetV2, summarize } from '@mobilenetv2/spec'
import { type Command, Option } from 'commander'
import { parseNumber } from './option-parsers.js'
import { print } from './output.js'

interface SummaryFlags {
  readonly batch: number
  readonly widthMultiplier: number
  readonly size: number
  readonly format: 'text' | 'markdown' | 'json'
}

/** `summary`: the network as a table of layers, shapes and costs. */
export function addSummary(program: Command): void {
  program
    .command('summary')
    .description('print the layers of MobileNetV2, their shapes, parameters and multiply-adds')
    .option('--batch <pictures>', 'pictures in a batch', parseNumber, 1)
    .option('--width-multiplier <factor>', 'factor for the channels of every layer', parseNumber, 1)
    .option('--size <pixels>', 'height and width of the input', parseNumber, 224)
    .addOption(new Option('--format <format>', 'the format of the table').choices(['text', 'markdown', 'json']).default('text'))
    .action(({ batch, widthMultiplier, size, format }: SummaryFlags) => {
      print(summarize(defineMobileNetV2({ widthMultiplier, height: size, width: size }), { batch, format }))
    })
}
