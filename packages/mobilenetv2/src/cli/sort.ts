import { createHash, randomBytes } from 'node:crypto'
import {
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { systemError } from '@mobilenetv2/spec/system-errors'
import { type Command, Option } from 'commander'
import { requireClassifier } from '../model.js'
import { makeFolder } from '../write-files.node.js'
import { csvLine } from './csv.js'
import { eachPicture } from './each-picture.js'
import { addListFlags, type ListFlags, refuseAddresses, writePage } from './index-flags.js'
import { importIndex } from './index-package.js'
import { addJobFlags, type JobFlags, openAnswerer } from './jobs.js'
import { parseNumber } from './option-parsers.js'
import { print, report, say } from './output.js'
import { pictureFiles } from './picture-files.js'
import { printable, printableJson } from './printable.js'
import { type LabelledFile, planSort, type Sorted } from './sort-plan.js'

interface SortFlags extends JobFlags, ListFlags {
  readonly to: string
  readonly index?: string
  readonly min: number
  readonly link?: true
  readonly write?: true
}

const columns = ['file', 'label', 'confidence', 'to'] as const

/** The labels that an index has for files. */
async function storedLabels(files: readonly string[], place: string): Promise<LabelledFile[]> {
  const { openIndex } = await importIndex()
  using index = await openIndex(place)
  const stored = new Map((await index.pictures()).map((picture) => [picture.path, picture]))
  const unknown: string[] = []
  const labelled = files.flatMap((file) => {
    const { label = null, confidence = null } = stored.get(resolve(file)) ?? {}
    if (label !== null && confidence !== null) return [{ file, label, confidence }]
    unknown.push(file)
    return []
  })
  if (unknown.length > 0) {
    report(
      new MobileNetV2Error('SOURCE', `${unknown.length} of the pictures have no label in the index.`, {
        where: unknown[0],
        remedy: `Bring the index up to date: mobilenetv2 index … --to ${place}`,
      }),
    )
  }
  return labelled
}

/** The labels that a model gives to files. */
async function modelLabels(files: readonly string[], flags: SortFlags): Promise<LabelledFile[]> {
  await using answerer = await openAnswerer(flags, files.length, requireClassifier)
  const labelled: LabelledFile[] = []
  const question = { top: 1, preview: 0, decode: flags.decode }
  await eachPicture(
    files,
    answerer.atOnce,
    (source) => answerer.classify(source, question),
    (file, { top: [best] }) => {
      if (best !== undefined) labelled.push({ file, label: best.label, confidence: best.probability })
      return null
    },
  )
  return labelled
}

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

/** Whether a path already leads to a picture: it is a link to it, or a file of the same content. */
function isThere(path: string, file: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return false
  if (found.isSymbolicLink()) return resolve(dirname(path), readlinkSync(path)) === resolve(file)
  return found.isFile() && found.size === statSync(file).size && hashOf(path) === hashOf(file)
}

const isTaken = (path: string, { file }: LabelledFile): boolean =>
  lstatSync(path, { throwIfNoEntry: false }) !== undefined && !isThere(path, file)

/** Copies or links a picture completely or not at all. It is synchronous, so that Ctrl-C cannot interrupt it. */
function put({ file, to }: Sorted, link: boolean): void {
  makeFolder(dirname(to))
  if (link) {
    symlinkSync(resolve(file), to)
    return
  }
  const beside = join(dirname(to), `.mobilenetv2-${randomBytes(6).toString('hex')}.tmp`)
  try {
    copyFileSync(file, beside, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    const { atime, mtime } = statSync(file)
    utimesSync(beside, atime, mtime)
    renameSync(beside, to)
  } finally {
    rmSync(beside, { force: true })
  }
}

/** Writes the pictures that are not there yet, and counts them. */
function write(sorted: readonly Sorted[], link: boolean): number {
  let written = 0
  for (const each of sorted) {
    if (existsSync(each.to)) continue
    try {
      put(each, link)
    } catch (cause) {
      if (cause instanceof MobileNetV2Error) throw cause
      throw new MobileNetV2Error('SOURCE', `A picture cannot be ${link ? 'linked' : 'copied'}.`, {
        where: each.to,
        ...systemError(cause),
        cause,
      })
    }
    written += 1
  }
  return written
}

/** The pictures of each label, labels with the most pictures first. */
function clusters(sorted: readonly Sorted[]): (readonly [label: string, pictures: readonly Sorted[]])[] {
  const byLabel = new Map<string, Sorted[]>()
  for (const each of sorted) {
    const cluster = byLabel.get(each.label)
    if (cluster === undefined) byLabel.set(each.label, [each])
    else cluster.push(each)
  }
  return [...byLabel].sort(([, one], [, other]) => other.length - one.length)
}

const percentOf = (share: number): string => `${(100 * share).toFixed(1)} %`

function printSorted(sorted: readonly Sorted[], { json, csv }: SortFlags): void {
  if (json) for (const each of sorted) print(printableJson(each))
  else if (csv) for (const line of [columns, ...sorted.map((each) => columns.map((column) => each[column]))]) print(csvLine(line))
  else for (const [label, pictures] of clusters(sorted)) print(`${String(pictures.length).padStart(7)}  ${printable(label)}`)
}

async function sortPictures(paths: readonly string[], flags: SortFlags): Promise<void> {
  const { to, index, min, link = false, write: writes = false } = flags
  refuseAddresses(paths)
  const files = await pictureFiles(paths)
  if (files.length === 0) return
  const labelled = index === undefined ? await modelLabels(files, flags) : await storedLabels(files, index)
  const sure = labelled.filter(({ confidence }) => confidence >= min)
  const sorted = planSort(sure, to, isTaken)
  printSorted(sorted, flags)
  const unsure = labelled.length - sure.length
  // Where lines for programs go to stdout, sentences go to stderr.
  const tell = flags.json || flags.csv ? say : print
  if (unsure > 0) tell(`${unsure} pictures stay out: their most probable class has less than ${percentOf(min)}.`)
  await writePage(flags, 'Pictures by label', () =>
    clusters(sorted).map(([label, pictures]) => ({
      title: `${label}: ${pictures.length}`,
      pictures: pictures.map(({ file, confidence }) => ({ path: file, caption: percentOf(confidence) })),
    })),
  )
  if (!writes)
    return tell(
      `Nothing was written. With --write ${sorted.length} pictures are ${link ? 'linked' : 'copied'} into ${printable(to)}.`,
    )
  const written = write(sorted, link)
  tell(
    `${written} pictures were ${link ? 'linked' : 'copied'} into ${printable(to)}; ${sorted.length - written} were there already.`,
  )
}

/** `sort`: copies or links pictures into a folder for each label. */
export function addSort(program: Command): void {
  const command = program
    .command('sort')
    .description('copy or link pictures into a folder for each label; without --write, only say what would be done')
    .argument('<files...>', 'paths or quoted patterns of pictures; folders, with their subfolders')
    .requiredOption('--to <folder>', 'where the folders of the labels are made')
    .addOption(new Option('--by <what>', 'what the pictures are sorted by').choices(['label']).default('label'))
    .option('--index <index>', 'take the labels from an index that `index` made, instead of classifying the pictures')
    .option(
      '--min <probability>',
      'leave out pictures whose most probable class is less probable than this, from 0 to 1',
      parseNumber,
      0.5,
    )
    .option('--link', 'make symbolic links instead of copies')
    .option('--write', 'write the copies or links; no file is overwritten')
  addListFlags(addJobFlags(command), columns).action(sortPictures)
}
