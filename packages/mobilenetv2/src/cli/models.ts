import { MobileNetV2Error } from '@mobilenetv2/spec'
import { isZooId, listCachedModels, prefetchModel, removeCachedModel, type ZooId, zooEntries, zooTable } from '@mobilenetv2/zoo'
import { type Command, Option } from 'commander'
import colors from 'picocolors'
import { print, report } from './output.js'
import { printable, printableJson } from './printable.js'
import { startByteProgress } from './progress.js'

function zooId(id: string): ZooId {
  if (isZooId(id)) return id
  throw new MobileNetV2Error('OPTION', 'The zoo has no such model.', {
    where: id,
    expected: 'an id that `mobilenetv2 models` lists',
    remedy: 'A checkpoint file is given by its path or URL, and needs no id.',
  })
}

/** The models in the cache. A cache that cannot be read is reported, and the list of the zoo is still of use. */
async function cachedIds(): Promise<ReadonlySet<ZooId>> {
  const models = await listCachedModels().catch((error: unknown) => {
    report(error)
    return []
  })
  return new Set(models.map(({ entry }) => entry.id))
}

/** `models`: what the zoo has. */
export function addModels(program: Command): void {
  program
    .command('models')
    .description('list the models of the zoo, and which are in the cache')
    .addOption(new Option('--format <format>', 'how to print them').choices(['text', 'markdown', 'json']).default('text'))
    .action(async ({ format }: { format: 'text' | 'markdown' | 'json' }) => {
      if (format === 'markdown') return print(zooTable())
      const cached = await cachedIds()
      if (format === 'json')
        return print(
          printableJson(
            zooEntries.map((entry) => ({ ...entry, cached: cached.has(entry.id) })),
            2,
          ),
        )
      const widest = Math.max(...zooEntries.map(({ id }) => id.length))
      for (const { id, publisher, note, published } of zooEntries) {
        const accuracy = published === null ? '' : `  top-1 ${published.top1} %`
        const mark = cached.has(id) ? colors.green('  in the cache') : ''
        print(`${colors.bold(id.padEnd(widest))}  ${note === undefined ? publisher : `${publisher}: ${note}`}${accuracy}${mark}`)
      }
    })
}

/** `download`: downloads a model of the zoo into the cache; `--remove` removes it from there. */
export function addDownload(program: Command): void {
  program
    .command('download')
    .description('download models of the zoo into the cache, checked by their hash')
    .argument('<ids...>', 'ids that `models` lists')
    .option('--remove', 'remove them from the cache instead of downloading them')
    .action(async (ids: string[], flags: { remove?: true }) => {
      for (const id of ids.map(zooId)) {
        if (flags.remove) {
          print(`${id}  ${(await removeCachedModel(id)) ? 'removed from the cache' : 'was not in the cache'}`)
          continue
        }
        const progress = await startByteProgress(id)
        const { file } = await prefetchModel(id, { onProgress: progress.update }).finally(progress.stop)
        print(`${id}  ${printable(file)}`)
      }
    })
}
