import type { DuplicateGroup } from '@mobilenetv2/index'
import type { Command } from 'commander'
import { csvLine } from './csv.js'
import { addFilterFlags, addListFlags, type FilterFlags, type ListFlags, writePage } from './index-flags.js'
import { importIndex } from './index-package.js'
import { parseNumber } from './option-parsers.js'
import { print, say } from './output.js'
import { printable, printableJson } from './printable.js'
import { startWorkProgress } from './progress.js'

interface DuplicatesFlags extends FilterFlags, ListFlags {
  readonly similarity: number
}

const columns = ['group', 'file', 'similarity'] as const

/** The similarity of a picture to its nearest neighbour in the group. */
function nearestIn({ pairs }: DuplicateGroup, path: string): number {
  return Math.max(...pairs.filter(({ paths }) => paths.includes(path)).map(({ similarity }) => similarity))
}

function textOf(group: DuplicateGroup): string {
  return group.pictures.map(({ path }) => `${nearestIn(group, path).toFixed(3)}  ${printable(path)}`).join('\n')
}

async function listDuplicates(place: string, flags: DuplicatesFlags): Promise<void> {
  const { similarity, path, label, json, csv } = flags
  const { openIndex } = await importIndex()
  using index = await openIndex(place)
  const progress = await startWorkProgress('comparing')
  const groups = await index.duplicates({ similarity, path, label, onProgress: progress.update }).finally(progress.stop)
  if (csv) print(csvLine(columns))
  for (const [number, group] of groups.entries()) {
    if (json) print(printableJson({ files: group.pictures.map(({ path }) => path), pairs: group.pairs }))
    else if (csv) for (const { path } of group.pictures) print(csvLine([number + 1, path, nearestIn(group, path)]))
    else print(`${number === 0 ? '' : '\n'}${textOf(group)}`)
  }
  const pictures = groups.reduce((sum, group) => sum + group.pictures.length, 0)
  say(`${pictures} near-duplicates in ${groups.length} groups.`)
  await writePage(flags, 'Near-duplicates', () =>
    groups.map((group, number) => ({
      title: `Group ${number + 1}`,
      pictures: group.pictures.map(({ path }) => ({ path, caption: nearestIn(group, path).toFixed(3) })),
    })),
  )
}

/** `duplicates`: the near-duplicates in an index. */
export function addDuplicates(program: Command): void {
  const command = program
    .command('duplicates')
    .description('list the near-duplicates in an index, in groups')
    .argument('<index>', 'an index that `index` made')
    .option('--similarity <number>', 'the least similarity of near-duplicates, from 0 to 1', parseNumber, 0.9)
  addListFlags(addFilterFlags(command), ['files', 'pairs']).action(listDuplicates)
}
