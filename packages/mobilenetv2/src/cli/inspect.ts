import { defineMobileNetV2, totalMultiplyAdds, totalParameters } from '@mobilenetv2/spec'
import type { Command } from 'commander'
import { openModel } from '../model-source.js'

/** `inspect`: what a checkpoint file is, and how that was worked out. */
export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('say what a checkpoint file is: format, family, width, classes, tensors')
    .argument('<file>', 'path or URL of a checkpoint, or a model id')
    .action(async (file: string) => {
      const { checkpoint, inferred } = await openModel(file)
      const architecture = defineMobileNetV2(inferred.options)
      const { height, width } = architecture.input
      const facts = [
        ['file', checkpoint.file],
        ['format', checkpoint.format],
        ['family', `${architecture.family}, names as in ${inferred.naming}`],
        ['width multiplier', String(inferred.options.widthMultiplier)],
        ['input', `${height} x ${width}, padding ${architecture.padding}`],
        [
          'classes',
          `${architecture.classes}${inferred.backgroundClass === null ? '' : `, ${inferred.backgroundClass} is the background`}`,
        ],
        ['parameters', totalParameters(architecture).toLocaleString('en-US')],
        ['multiply-adds', totalMultiplyAdds(architecture).toLocaleString('en-US')],
      ]
      for (const [name, value] of facts) console.log(`${name?.padEnd(18)}${value}`)
      console.log('\nHow that was worked out:')
      for (const reason of inferred.reasons) console.log(`- ${reason}`)
      console.log(`\n${checkpoint.tensors.size} tensors:`)
      for (const { name, shape, dtype } of checkpoint.tensors.values())
        console.log(`${dtype.padEnd(9)}[${shape.join(', ')}]  ${name}`)
    })
}
