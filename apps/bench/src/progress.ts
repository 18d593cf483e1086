import type { Progress } from './lab.js'

const lineMs = 2000

/** Progress on stderr: one line that is written over on a terminal, else a line now and then. */
export function progressOn(stream: NodeJS.WriteStream): { progress: Progress; end(): void } {
  if (stream.isTTY) {
    return {
      progress: (text) => stream.write(`\r\x1b[2K${text.slice(0, (stream.columns || 80) - 1)}`),
      end: () => stream.write('\r\x1b[2K'),
    }
  }
  let last = Number.NEGATIVE_INFINITY
  return {
    progress(text) {
      const now = performance.now()
      if (now - last < lineMs) return
      last = now
      stream.write(`${text}\n`)
    },
    end: () => undefined,
  }
}
