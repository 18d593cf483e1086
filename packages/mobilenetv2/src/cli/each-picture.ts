import { pMapIterable } from 'p-map'
import type { PictureSource } from '../picture-source.js'
import { readStandardInput } from '../read-file.node.js'
import { errorText } from './error-text.js'
import { startProgress } from './progress.js'

type Outcome<Result> = { readonly result: Result } | { readonly error: unknown }

/**
 * Does `work` for each file, at most `atOnce` files at a time. The text that `print` makes of each result goes to stdout, in the order of
 * the files; null prints nothing. If `work` throws for a file, the message goes to stderr, the other files are still processed, and the
 * process ends with status 1. The file `-` is the standard input.
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
        return { file, result: await work(file === '-' ? await readStandardInput() : file) }
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
        progress.print(process.stderr, errorText(outcome.error))
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
