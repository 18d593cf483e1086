import { clearLine, cursorTo } from 'node:readline'
import type { SingleBar } from 'cli-progress'
import { printable } from './printable.js'

/** Shows how many files of a list are done. */
export interface Progress {
  /** Counts one more file. */
  advance(): void
  /** Writes a line above the bar. */
  print(stream: NodeJS.WriteStream, text: string): void
  stop(): void
}

/** Makes a bar on stderr. The bar restores the terminal's settings even if the process ends early. */
async function makeBar(format: string): Promise<SingleBar> {
  const { SingleBar, Presets } = await import('cli-progress')
  const bar = new SingleBar({ stream: process.stderr, clearOnComplete: true, gracefulExit: false, format }, Presets.shades_classic)
  const stop = (): void => bar.stop()
  bar.once('start', () => process.once('exit', stop))
  bar.once('stop', () => process.off('exit', stop))
  return bar
}

/** A bar over many files, on stderr and only on a terminal. */
export async function startProgress(total: number): Promise<Progress> {
  const shown = total > 1 && process.stderr.isTTY
  const bar = shown ? await makeBar('{bar} {value}/{total} pictures, {eta_formatted} left') : null
  bar?.start(total, 0)
  return {
    advance() {
      bar?.increment()
    },
    print: (stream, text) => printOver(bar, stream, text),
    stop() {
      bar?.stop()
    },
  }
}

function printOver(bar: SingleBar | null, stream: NodeJS.WriteStream, text: string): void {
  if (bar?.isActive) {
    clearLine(process.stderr, 0)
    cursorTo(process.stderr, 0)
  }
  stream.write(`${text}\n`)
}

/** Shows how much of one long work is done. */
export interface WorkProgress {
  update(progress: { readonly done: number; readonly total: number }): void
  /** Writes a line above the bar. */
  print(stream: NodeJS.WriteStream, text: string): void
  stop(): void
}

/** A bar over the steps of one work, on stderr and only on a terminal. */
export async function startWorkProgress(name: string): Promise<WorkProgress> {
  const bar = process.stderr.isTTY ? await makeBar('{name} {bar} {percentage} %') : null
  return {
    update({ done, total }) {
      if (bar?.isActive === false) bar.start(total, done, { name })
      bar?.update(done)
    },
    print: (stream, text) => printOver(bar, stream, text),
    stop() {
      bar?.stop()
    },
  }
}

/** Shows how much of a file is downloaded. */
export interface ByteProgress {
  update(progress: { readonly loaded: number; readonly total: number | null }): void
  stop(): void
}

/** A bar over the bytes of a file, on stderr and only on a terminal. */
export async function startByteProgress(name: string): Promise<ByteProgress> {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} }
  const bar = await makeBar('{name} {bar} {megabytes} MB')
  return {
    update({ loaded, total }) {
      if (!bar.isActive) bar.start(1, 0, { name: printable(name), megabytes: '0' })
      const megabytes = total === null ? (loaded / 1e6).toFixed(1) : `${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)}`
      bar.update(total === null ? 0 : loaded / total, { megabytes })
    },
    stop: () => bar.stop(),
  }
}

/** How far the run of a queue is. */
interface RunState {
  readonly pictures: number
  readonly done: number
  readonly failed: number
  readonly picturesPerSecond: number | null
  readonly secondsLeft: number | null
}

/** Shows how far the run of a queue is. */
export interface RunProgress {
  update(state: RunState): void
  stop(): void
}

/** Milliseconds between two lines where there is no terminal. */
const lineInterval = 10_000

function timeText(seconds: number): string {
  const whole = Math.round(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}

function runText({ pictures, done, failed, picturesPerSecond, secondsLeft }: RunState): string {
  const speed = picturesPerSecond === null ? '' : `, ${picturesPerSecond.toFixed(1)} pictures/s`
  const left = secondsLeft === null ? '' : `, ${timeText(secondsLeft)} left`
  return `${done} of ${pictures} done, ${failed} failed${speed}${left}`
}

/** A bar on a terminal, else a line every ten seconds, on stderr. */
export async function startRunProgress(): Promise<RunProgress> {
  const bar = process.stderr.isTTY ? await makeBar('{bar} {text}') : null
  let next = 0
  return {
    update(state) {
      const text = runText(state)
      const finished = state.done + state.failed
      if (bar !== null) {
        if (!bar.isActive) bar.start(state.pictures, 0, { text })
        bar.setTotal(state.pictures)
        bar.update(finished, { text })
      } else if (Date.now() >= next || finished === state.pictures) {
        next = Date.now() + lineInterval
        process.stderr.write(`${text}\n`)
      }
    },
    stop() {
      bar?.stop()
    },
  }
}
