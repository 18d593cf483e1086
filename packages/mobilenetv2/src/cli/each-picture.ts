import { startProgress } from './progress.js'

/**
 * Does `work` for each file and prints what it gives on stdout. A file for which it throws has its reason on stderr and the process
 * an exit status of 1; the others still get theirs.
 */
export async function printEach(files: readonly string[], work: (file: string) => Promise<string>): Promise<void> {
  const progress = await startProgress(files.length)
  try {
    for (const file of files) {
      try {
        progress.print(process.stdout, await work(file))
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
