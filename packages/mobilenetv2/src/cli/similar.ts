import type { Command } from 'commander'
import type { PictureSource } from '../picture-source.js'
import { cosineSimilarity } from '../similarity.js'
import type { Embedded } from './ask.js'
import { eachPicture } from './each-picture.js'
import { addJobFlags, type JobFlags, openAnswerer } from './jobs.js'
import { parseNumber } from './option-parsers.js'
import { print } from './output.js'
import { pictureFiles, picturesArgument } from './picture-files.js'
import { printable, printableJson } from './printable.js'

interface SimilarFlags extends JobFlags {
  readonly top: number
  readonly json?: true
}

interface Match {
  readonly file: string
  readonly similarity: number
}

async function rank(wanted: string, paths: readonly string[], flags: SimilarFlags): Promise<Match[]> {
  const files = await pictureFiles(paths)
  if (files.length === 0) return []
  await using answerer = await openAnswerer(flags, files.length)
  const embed = (source: PictureSource): Promise<Embedded> => answerer.embed(source, { normalize: false, decode: flags.decode })
  const target = await embed(wanted)
  const matches: Match[] = []
  await eachPicture(files, answerer.atOnce, embed, (file, { embedding }) => {
    matches.push({ file, similarity: cosineSimilarity(target.embedding, embedding) })
    return null
  })
  return matches.sort((a, b) => b.similarity - a.similarity).slice(0, flags.top)
}

/** `similar`: the pictures that are most similar to one picture. */
export function addSimilar(program: Command): void {
  const command = program
    .command('similar')
    .description('list the pictures that are most similar to one picture, with their similarity from 0 to 1')
    .argument('<file>', 'path or URL of a picture')
    .argument('<files...>', `pictures to compare it with: ${picturesArgument}`)
  addJobFlags(command)
    .option('--top <count>', 'how many to list', parseNumber, 10)
    .option('--json', 'print one JSON object per line: file, similarity')
    .action(async (wanted: string, paths: string[], flags: SimilarFlags) => {
      for (const match of await rank(wanted, paths, flags)) {
        print(flags.json ? printableJson(match) : `${match.similarity.toFixed(3)}  ${printable(match.file)}`)
      }
    })
}
