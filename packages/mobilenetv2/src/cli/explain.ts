import { extname } from 'node:path'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { Command } from 'commander'
import { writeFiles } from '../write-files.node.js'
import { addModelFlags, type ModelFlags, openChosenModel } from './chosen-model.js'
import { parseNumber } from './option-parsers.js'
import { print } from './output.js'
import { printable } from './printable.js'

const formats = { '.png': 'png', '.jpg': 'jpeg', '.jpeg': 'jpeg', '.webp': 'webp' } as const

interface ExplainFlags extends ModelFlags {
  readonly out: string
  readonly class?: number
}

function formatOf(path: string): (typeof formats)[keyof typeof formats] {
  const extension = extname(path).toLowerCase()
  for (const [known, format] of Object.entries(formats)) if (known === extension) return format
  throw new MobileNetV2Error('OPTION', 'The format to write is not known.', {
    where: path,
    expected: Object.keys(formats).join(', '),
    got: extension || 'no extension',
  })
}

/** `explain`: where on a picture the evidence for a class is. */
export function addExplain(program: Command): void {
  const command = program
    .command('explain')
    .description('draw a heat map over a picture: where the evidence for a class is')
    .argument('<file>', 'path or URL of a picture')
    .requiredOption('-o, --out <file>', 'picture to write: .png, .jpg or .webp')
  addModelFlags(command)
    .option('--class <index>', 'index of the class to explain (default: the most probable class)', parseNumber)
    .action(async (file: string, flags: ExplainFlags) => {
      const format = formatOf(flags.out)
      using model = await openChosenModel(flags)
      const { answer, overlay } = await model.explain(file, { class: flags.class })
      const { default: sharp } = await import('sharp')
      const { width, height, channels } = overlay
      const picture = sharp(overlay.data, { raw: { width, height, channels } })
      await writeFiles([{ path: flags.out, bytes: await picture.toFormat(format).toBuffer() }])
      print(`${printable(flags.out)}  ${printable(answer.label)}, ${(100 * answer.probability).toFixed(1)} %`)
    })
}
