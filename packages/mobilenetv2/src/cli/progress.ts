import { clearLine, cursorTo } from 'node:readline'
import type { SingleBar } from 'cli-progress'

/** How far a list of files has come. */
export interface Progress {
  /** One more file is done. */
  advance(): void
  /** Writes a line without tearing the bar. */
  print(stream: NodeJS.WriteStream, text: string): void
  stop(): void
}

async function openBar(total: number): Promise<SingleBar | null> {
  if (total < 2 || !process.stderr.isTTY) return null
  const { SingleBar, Presets } = await import('cli-progress')
  const bar = new SingleBar(
    { stream: process.stderr, clearOnComplete: true, format: '{bar} {value}/{total} pictures, {eta_formatted} left' },
    Presets.shades_classic,
  )
  bar.start(total, 0)
  return bar
}

/** A bar over many files, on stderr and only on a terminal. */
export async function startProgress(total: number): Promise<Progress> {
  const bar = await openBar(total)
  return {
    advance() {
      bar?.increment()
    },
    print(stream, text) {
      if (bar !== null) {
        clearLine(process.stderr, 0)
        cursorTo(process.stderr, 0)
      }
      stream.write(`${text}\n`)
    },
    stop() {
      bar?.stop()
    },
  }
}

/** How far a download has come. */
export interface ByteProgress {
  update(progress: { readonly loaded: number; readonly total: number | null }): void
  stop(): void
}

/** A bar over the bytes of a file, on stderr and only on a terminal. */
export async function startByteProgress(name: string): Promise<ByteProgress> {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} }
  const { SingleBar, Presets } = await import('cli-progress')
  const bar = new SingleBar(
    { stream: process.stderr, clearOnComplete: true, format: `${name} {bar} {megabytes} MB` },
    Presets.shades_classic,
  )
  return {
    update({ loaded, total }) {
      if (!bar.isActive) bar.start(1, 0, { megabytes: '0' })
      const megabytes = total === null ? (loaded / 1e6).toFixed(1) : `${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)}`
      bar.update(total === null ? 0 : loaded / total, { megabytes })
    },
    stop: () => bar.stop(),
  }
}
