import { totalMultiplyAdds, totalParameters } from '@mobilenetv2/spec'
import { toNetwork } from '@mobilenetv2/weights'
import type { Command } from 'commander'
import { openCheckpoint } from '../read-network.js'

/** `inspect`: what a checkpoint file is, and how that was worked out. */
export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('say what a checkpoint file is: format, network, width, classes, tensors')
    .argument('<file>', 'path or URL of a checkpoint, or a model id')
    .action(async (file: string) => {
      const { checkpoint, known } = await openCheckpoint(file, {})
      const { options, architecture, preprocessing, classes, source, reasons } = await toNetwork(checkpoint, known)
      const { height, width } = architecture.input
      const { labels, background, output } = classes
      const facts = [
        ['file', source.file],
        ['format', source.format],
        ['network', `${architecture.family}, names as in ${source.naming}`],
        ['width multiplier', String(options.widthMultiplier)],
        ['input', `${height} x ${width}, padding ${architecture.padding}`],
        ['classes', `${architecture.classes}${background === null ? '' : `, ${background} is the background`}, ${output}`],
        ['labels', labels.length === 0 ? 'none' : `${labels.slice(0, 3).join('; ')}${labels.length > 3 ? '; …' : ''}`],
        ['preprocessing', `${preprocessing.geometry.kind}, ${preprocessing.interpolation}`],
        ['parameters', totalParameters(architecture).toLocaleString('en-US')],
        ['multiply-adds', totalMultiplyAdds(architecture).toLocaleString('en-US')],
      ]
      for (const [name, value] of facts) console.log(`${name?.padEnd(18)}${value}`)
      console.log('\nHow that was worked out:')
      for (const reason of reasons) console.log(`- ${reason}`)
      console.log(`\n${checkpoint.tensors.size} tensors:`)
      for (const { name, shape, dtype } of checkpoint.tensors.values())
        console.log(`${dtype.padEnd(9)}[${shape.join(', ')}]  ${name}`)
    })
}
