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
    remedy: 'To use a checkpoint file, give its path or URL to --model of the other commands.',
  })
}

/** The models in the cache. If the cache cannot be read, that is reported and the models are still listed. */
async function cachedIds(): Promise<ReadonlySet<ZooId>> {
  const models = await listCachedModels().catch((error: unknown) => {
    report(error)
    return []
  })
  return new Set(models.map(({ entry }) => entry.id))
}

/** `models`: the list of the zoo's models. */
export function addModels(program: Command): void {
  program
    .command('models')
    .description('list the pretrained models of the zoo, and which of them are in the cache')
    .addOption(new Option('--format <format>', 'the format of the list').choices(['text', 'markdown', 'json']).default('text'))
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

/** `download`: downloads models of the zoo into the cache, or removes them from it. */
export function addDownload(program: Command): void {
  program
    .command('download')
    .description('download models of the zoo into the cache, and check their hashes')
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
