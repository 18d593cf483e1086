import { startProgress } from './progress.js'

/**
 * Does `work` for each file; what it gives, if anything, is printed on stdout. A file for which it throws has its reason on stderr and
 * the process an exit status of 1; the others still get theirs.
 */
export async function eachPicture(files: readonly string[], work: (file: string) => Promise<string | null>): Promise<void> {
  const progress = await startProgress(files.length)
  try {
    for (const file of files) {
      try {
        const line = await work(file)
        if (line !== null) progress.print(process.stdout, line)
      } catch (error) {
        process.exitCode = 1
        progress.print(process.stderr, error instanceof Error ? error.message : String(error))
      }
      progress.advance()
    }
  } finally {
    progress.stop()
  }
}
