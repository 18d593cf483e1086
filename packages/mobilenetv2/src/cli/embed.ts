import type { Command } from 'commander'
import { addModelFlags, type ModelFlags, openChosenModel } from './chosen-model.js'
import { eachPicture } from './each-picture.js'
import { pictureFiles } from './picture-files.js'

interface EmbedFlags extends ModelFlags {
  readonly normalize?: true
}

/** `embed`: the features of each picture. */
export function addEmbed(program: Command): void {
  const command = program
    .command('embed')
    .description('print the features of each picture, one JSON object a line: file, embedding, backend, device, model')
    .argument('<files...>', 'paths or URLs of pictures, or folders of them')
  addModelFlags(command)
    .option('--normalize', 'scale each vector to length 1')
    .action(async (paths: string[], flags: EmbedFlags) => {
      using model = await openChosenModel(flags)
      const { backend, device, file: checkpoint } = model.info
      await eachPicture(await pictureFiles(paths), async (file) => {
        const embedding = Array.from(await model.embed(file, { normalize: flags.normalize ?? false }))
        return JSON.stringify({ file, embedding, backend, device, model: checkpoint })
      })
    })
}
