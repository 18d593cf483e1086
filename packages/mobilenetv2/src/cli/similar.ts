import type { Command } from 'commander'
import { cosineSimilarity } from '../similarity.js'
import { addModelFlags, type ModelFlags, openChosenModel } from './chosen-model.js'
import { eachPicture } from './each-picture.js'
import { parseNumber } from './option-parsers.js'
import { pictureFiles } from './picture-files.js'

interface SimilarFlags extends ModelFlags {
  readonly top: number
  readonly json?: true
}

interface Match {
  readonly file: string
  readonly similarity: number
}

async function rank(wanted: string, paths: readonly string[], flags: SimilarFlags): Promise<Match[]> {
  using model = await openChosenModel(flags)
  const target = await model.embed(wanted)
  const matches: Match[] = []
  await eachPicture(await pictureFiles(paths), async (file) => {
    matches.push({ file, similarity: cosineSimilarity(target, await model.embed(file)) })
    return null
  })
  return matches.sort((a, b) => b.similarity - a.similarity).slice(0, flags.top)
}

/** `similar`: which pictures of a folder are most like one picture. */
export function addSimilar(program: Command): void {
  const command = program
    .command('similar')
    .description('list the pictures that are most like one picture, with their similarity from 0 to 1')
    .argument('<file>', 'path or URL of a picture')
    .argument('<files...>', 'pictures to compare it with, or folders of them')
  addModelFlags(command)
    .option('--top <count>', 'how many to list', parseNumber, 10)
    .option('--json', 'one JSON object a line: file, similarity')
    .action(async (wanted: string, paths: string[], flags: SimilarFlags) => {
      for (const match of await rank(wanted, paths, flags)) {
        console.log(flags.json ? JSON.stringify(match) : `${match.similarity.toFixed(3)}  ${match.file}`)
      }
    })
}
