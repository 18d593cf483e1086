import { refuseOption } from '@mobilenetv2/spec'
import { type Command, Option } from 'commander'
import { writeFiles } from '../write-files.node.js'
import { checkJobFlags, type JobFlags } from './jobs.js'
import { say } from './output.js'
import { hasScheme } from './picture-files.js'
import type { ShownGroup } from './pictures-page.js'
import { printable } from './printable.js'

/** The flags that choose pictures of an index. */
export interface FilterFlags {
  readonly path?: string | undefined
  readonly label?: string | undefined
}

/** Adds the flags that choose pictures of an index. */
export function addFilterFlags(command: Command): Command {
  return command
    .option(
      '--path <pattern>',
      "with an index: only pictures whose whole path matches, where * stands for any characters: '*/2024/*'",
    )
    .option('--label <pattern>', "with an index: only pictures whose whole label matches: '*terrier'")
}

/**
 * Checks the flags of a model whose embeddings are compared with those of an index.
 * @throws MobileNetV2Error `OPTION` if they contradict each other, or if the precision is `int8` or `auto`
 */
export async function checkIndexFlags(flags: JobFlags): Promise<void> {
  await checkJobFlags(flags)
  const { precision } = flags
  if (precision === 'int8' || precision === 'auto') {
    refuseOption(
      'precision',
      precision,
      'float32 or float16 with an index: integers give other embeddings, which cannot be compared',
    )
  }
}

/**
 * Refuses arguments that are not files.
 * @throws MobileNetV2Error `OPTION` if an argument is an address or the standard input
 */
export function refuseAddresses(paths: readonly string[]): void {
  const address = paths.find((path) => path === '-' || hasScheme(path))
  if (address !== undefined) refuseOption('files', address, 'paths of files or folders')
}

/** The flags for how pictures are listed. */
export interface ListFlags {
  readonly json?: true | undefined
  readonly csv?: true | undefined
  readonly html?: string | undefined
}

/** Adds the flags for how pictures are listed. */
export function addListFlags(command: Command, columns: readonly string[]): Command {
  return command
    .option('--json', `print one JSON object per line: ${columns.join(', ')}`)
    .addOption(new Option('--csv', `print CSV with the columns ${columns.join(', ')}`).conflicts('json'))
    .option('--html <file>', 'also write a page that shows the pictures small')
}

/** Writes the page of `--html`, if it is asked for. */
export async function writePage({ html }: ListFlags, title: string, groups: () => readonly ShownGroup[]): Promise<void> {
  if (html === undefined) return
  const { picturesPage } = await import('./pictures-page.js')
  await writeFiles([{ path: html, bytes: await picturesPage(title, groups()) }])
  say(`${printable(html)} is written.`)
}
