import type { Match as IndexMatch } from '@mobilenetv2/index'
import { refuseOption } from '@mobilenetv2/spec'
import type { Command } from 'commander'
import type { PictureSource } from '../picture-source.js'
import { readStandardInput } from '../read-file.node.js'
import { cosineSimilarity } from '../similarity.js'
import type { Embedded } from './ask.js'
import { csvLine } from './csv.js'
import { eachPicture } from './each-picture.js'
import { addFilterFlags, addListFlags, type FilterFlags, type ListFlags, writePage } from './index-flags.js'
import { addJobFlags, type JobFlags, openAnswerer, openNetwork } from './jobs.js'
import { openIndexFor } from './open-index.js'
import { parseCount } from './option-parsers.js'
import { print } from './output.js'
import { pictureFiles, picturesArgument } from './picture-files.js'
import { printable, printableJson } from './printable.js'

interface SimilarFlags extends JobFlags, FilterFlags, ListFlags {
  readonly top: number
  readonly index?: string
}

interface Match {
  readonly file: string
  readonly similarity: number
  /** Only an index knows labels. */
  readonly label?: string | null
  readonly confidence?: number | null
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

async function lookUp(wanted: string, place: string, flags: SimilarFlags): Promise<Match[]> {
  const { index, chosen } = await openIndexFor(place, flags)
  using _ = index
  await using answerer = await openNetwork(chosen, flags, 1)
  const source = wanted === '-' ? await readStandardInput() : wanted
  const { embedding } = await answerer.embed(source, { normalize: false, decode: flags.decode })
  const { top: count, path, label } = flags
  const found: IndexMatch[] = await index.nearest(embedding, { count, path, label })
  return found.map(({ path: file, ...rest }) => ({ file, ...rest }))
}

async function find(wanted: string, paths: readonly string[], flags: SimilarFlags): Promise<Match[]> {
  const { index: place, path, label } = flags
  if (place === undefined) {
    if (paths.length === 0) refuseOption('files', paths, 'pictures to compare with, or an index: --index photos.lance')
    if (path !== undefined || label !== undefined) refuseOption('path or label', path ?? label, 'left out without --index')
    return rank(wanted, paths, flags)
  }
  if (paths.length > 0) refuseOption('files', paths, 'left out with --index')
  return lookUp(wanted, place, flags)
}

const columns = ['file', 'similarity', 'label', 'confidence'] as const

function textOf({ file, similarity, label = null }: Match): string {
  return `${similarity.toFixed(3)}  ${printable(file)}${label === null ? '' : `  ${printable(label)}`}`
}

function captionOf({ similarity, label = null }: Match): string {
  return label === null ? similarity.toFixed(3) : `${similarity.toFixed(3)}, ${label}`
}

/** `similar`: the pictures that are most similar to one picture. */
export function addSimilar(program: Command): void {
  const command = program
    .command('similar')
    .description('list the pictures that are most similar to one picture, with their similarity from 0 to 1')
    .argument('<file>', 'path or URL of a picture')
    .argument('[files...]', `pictures to compare it with, unless --index is given: ${picturesArgument}`)
    .option('--index <index>', 'an index that `index` made: compare with the pictures in it, and read none of them')
  addFilterFlags(addJobFlags(command).option('--top <count>', 'how many to list', parseCount, 10))
  addListFlags(command, columns).action(async (wanted: string, paths: string[], flags: SimilarFlags) => {
    const matches = await find(wanted, paths, flags)
    if (flags.csv) print(csvLine(columns))
    for (const match of matches) {
      if (flags.csv) print(csvLine(columns.map((column) => match[column] ?? '')))
      else print(flags.json ? printableJson(match) : textOf(match))
    }
    await writePage(flags, `Pictures like ${wanted}`, () => [
      { title: 'The most similar first', pictures: matches.map((match) => ({ path: match.file, caption: captionOf(match) })) },
    ])
  })
}
