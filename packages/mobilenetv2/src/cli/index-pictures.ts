import { stat } from 'node:fs/promises'
import { decode } from '@mobilenetv2/image'
import type { UpdatePlan, UpdateReport } from '@mobilenetv2/index'
import type { Command } from 'commander'
import { readChosenNetwork } from './chosen-model.js'
import { checkIndexFlags, refuseAddresses } from './index-flags.js'
import { importIndex } from './index-package.js'
import { addJobFlags, type JobFlags, openNetwork } from './jobs.js'
import { print, say } from './output.js'
import { pictureFiles } from './picture-files.js'
import { printable, printableJson } from './printable.js'
import { startProgress } from './progress.js'

interface IndexFlags extends JobFlags {
  readonly to: string
  readonly json?: true
}

/** Pictures to index, and the folders that were searched for them. */
interface Searched {
  readonly files: readonly string[]
  readonly folders: readonly string[]
}

/** The smallest GIF. */
const onePixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/**
 * Finds the pictures. A folder in which none is found does not count as searched: it may belong to a disk that is not mounted, and the
 * pictures that are stored for it must stay.
 */
async function search(paths: readonly string[]): Promise<Searched> {
  const files: string[] = []
  const folders: string[] = []
  for (const path of paths) {
    const found = await pictureFiles([path])
    files.push(...found)
    if (found.length > 0 && (await stat(path).catch(() => null))?.isDirectory()) folders.push(path)
  }
  return { files, folders }
}

function textOf(
  place: string,
  stored: number,
  { added, changed, reused, unchanged, removed, unreadable, stillUnreadable }: UpdateReport,
): string {
  const again = reused === 0 ? '' : `; ${reused} of them had known content`
  const bad = unreadable.length + stillUnreadable
  return [
    `${printable(place)}: ${stored - bad} pictures`,
    `  ${added} added, ${changed} changed${again}`,
    `  ${unchanged} unchanged, ${removed} removed`,
    ...(bad === 0
      ? []
      : [`  ${unreadable.length} unreadable${stillUnreadable === 0 ? '' : `, and ${stillUnreadable} still unreadable`}`]),
  ].join('\n')
}

function jsonOf(place: string, stored: number, report: UpdateReport): string {
  return printableJson({ index: place, pictures: stored, ...report })
}

async function indexPictures(paths: readonly string[], { to, json, ...flags }: IndexFlags): Promise<void> {
  await checkIndexFlags(flags)
  refuseAddresses(paths)
  const { createIndex, planUpdate, updateIndex } = await importIndex()
  // Without a decoder every picture would count as unreadable.
  await decode(onePixel)
  const { files, folders } = await search(paths)
  if (files.length === 0) return
  const chosen = await readChosenNetwork(flags)
  using index = await createIndex(to, chosen.network)
  const plan: UpdatePlan = await planUpdate(index, files, folders)
  const pictures = plan.toRead.length
  const answerer = pictures === 0 ? null : await openNetwork(chosen, flags, pictures)
  const progress = await startProgress(pictures)
  try {
    const done = await updateIndex(index, plan, {
      atOnce: answerer?.atOnce,
      embed: async ({ bytes }) => {
        const { embedding, best } = await answerer!.index(bytes, { decode: flags.decode })
        return { embedding, label: best?.label, confidence: best?.probability }
      },
      onProgress: progress.advance,
    })
    progress.stop()
    for (const { path, problem } of [...done.unreadable, ...done.failed]) say(printable(`${path}: ${problem}`))
    if (done.unreadable.length + done.failed.length > 0) process.exitCode = 1
    const stored = await index.count()
    print(json ? jsonOf(to, stored, done) : textOf(to, stored, done))
  } finally {
    progress.stop()
    await answerer?.[Symbol.asyncDispose]()
  }
}

/** `index`: keeps the features and the most probable class of pictures in a table. */
export function addIndex(program: Command): void {
  const command = program
    .command('index')
    .description('keep the features and the most probable class of each picture in an index, and bring the index up to date')
    .argument('<files...>', 'paths or quoted patterns of pictures; folders, with their subfolders')
    .requiredOption('--to <index>', 'the index, which is made if it is not there: photos.lance, or s3://bucket/photos.lance')
  addJobFlags(command).option('--json', 'print the report as one JSON object').action(indexPictures)
}
