import type { Progress } from './lab.js'

const lineMs = 2000

/** Shows progress on stderr. On a terminal each text replaces the one before; elsewhere a line is printed at most every two seconds. */
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
