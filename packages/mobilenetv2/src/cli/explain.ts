import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import type { Command } from 'commander'
import { addModelFlags, type ModelFlags, openChosenModel } from './chosen-model.js'
import { parseNumber } from './option-parsers.js'

interface ExplainFlags extends ModelFlags {
  readonly out: string
  readonly class?: number
}

/** `explain`: where on a picture its class was found. */
export function addExplain(program: Command): void {
  const command = program
    .command('explain')
    .description('draw where on a picture a class was found')
    .argument('<file>', 'path or URL of a picture')
    .requiredOption('-o, --out <file>', 'picture to write: .png, .jpg or .webp')
  addModelFlags(command)
    .option('--class <index>', 'class to explain (default: the most probable one)', parseNumber)
    .action(async (file: string, flags: ExplainFlags) => {
      using model = await openChosenModel(flags)
      const { answer, overlay } = await model.explain(file, { class: flags.class })
      const { default: sharp } = await import('sharp')
      const { width, height, channels } = overlay
      await sharp(overlay.data, { raw: { width, height, channels } })
        .toFile(flags.out)
        .catch((cause: unknown) => {
          throw new MobileNetV2Error('SOURCE', 'A picture cannot be written.', {
            where: flags.out,
            got: messageOf(cause),
            cause,
          })
        })
      console.log(`${flags.out}  ${answer.label}, ${(100 * answer.probability).toFixed(1)} %`)
    })
}
