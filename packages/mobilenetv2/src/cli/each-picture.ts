import { buffer } from 'node:stream/consumers'
import { pMapIterable } from 'p-map'
import type { PictureSource } from '../picture-source.js'
import { startProgress } from './progress.js'

type Outcome<Result> = { readonly result: Result } | { readonly error: unknown }

/**
 * Does `work` for each file, `atOnce` at a time, and what `print` makes of the results is printed on stdout in the order of the files;
 * nothing waits but what is worked on. A file for which `work` throws has its reason on stderr and the process an exit status of 1;
 * the others still get theirs. The file `-` is the standard input.
 */
export async function eachPicture<Result>(
  files: readonly string[],
  atOnce: number,
  work: (source: PictureSource) => Promise<Result>,
  print: (file: string, result: Result) => string | null,
): Promise<void> {
  const progress = await startProgress(files.length)
  const outcomes = pMapIterable(
    files,
    async (file): Promise<Outcome<Result> & { readonly file: string }> => {
      try {
        return { file, result: await work(file === '-' ? await buffer(process.stdin) : file) }
      } catch (error) {
        return { file, error }
      }
    },
    { concurrency: atOnce },
  )
  try {
    for await (const outcome of outcomes) {
      if ('error' in outcome) {
        process.exitCode = 1
        const { error } = outcome
        progress.print(process.stderr, error instanceof Error ? error.message : String(error))
      } else {
        const text = print(outcome.file, outcome.result)
        if (text !== null) progress.print(process.stdout, text)
      }
      progress.advance()
    }
  } finally {
    progress.stop()
  }
}
