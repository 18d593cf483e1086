import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../mobilenetv2/dist/bin.cjs', import.meta.url))

/** A program that runs, and what it has written so far. */
export interface Program {
  readonly child: ChildProcess
  /** Both outputs. */
  text(): string
  /** Resolves when the outputs contain a text; rejects if the program ends before. */
  says(text: string | RegExp): Promise<void>
  /** Its exit status, at its end; null if a signal ended it. */
  readonly status: Promise<number | null>
}

/** Starts a program. */
export function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(file, args, {
    env: { ...process.env, NO_COLOR: '1', MOBILENETV2_QUEUE: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      written += data
      for (const listener of listeners) listener()
    })
  }
  const status = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    child,
    text: () => written,
    status,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (typeof text === 'string' ? !written.includes(text) : !text.test(written)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        void status.then(() => {
          look()
          reject(new Error(`The program ended without saying ${text}:\n${written}`))
        })
        look()
      }),
  }
}

/** Starts the command line. */
export const mobilenetv2 = (...args: string[]): Program => start(process.execPath, [cli, ...args])
