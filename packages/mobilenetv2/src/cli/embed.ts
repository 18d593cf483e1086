import type { Command } from 'commander'
import { csvLine } from './csv.js'
import { eachPicture } from './each-picture.js'
import { addJobFlags, type JobFlags, openAnswerer } from './jobs.js'
import { pictureFiles, picturesArgument } from './picture-files.js'
import { printableJson } from './printable.js'

interface EmbedFlags extends JobFlags {
  readonly normalize?: true
  readonly csv?: true
}

/** `embed`: the features of each picture. */
export function addEmbed(program: Command): void {
  const command = program
    .command('embed')
    .description(
      'print the features of each picture, one JSON object per line: file, embedding, backend, device, model, milliseconds',
    )
    .argument('<files...>', picturesArgument)
  addJobFlags(command)
    .option('--normalize', 'scale each vector to length 1')
    .option('--csv', 'print CSV without a header instead, one picture per line: its file, then its features')
    .action(async (paths: string[], { normalize, csv, ...flags }: EmbedFlags) => {
      const files = await pictureFiles(paths)
      if (files.length === 0) return
      await using answerer = await openAnswerer(flags, files.length)
      await eachPicture(
        files,
        answerer.atOnce,
        (source) => answerer.embed(source, { normalize: normalize === true, decode: flags.decode }),
        (file, { embedding, ...answered }) =>
          csv ? csvLine([file, ...embedding]) : printableJson({ file, embedding: Array.from(embedding), ...answered }),
      )
    })
}
