import { type ChildProcess, fork } from 'node:child_process'
import { type Lab, type Progress, startTimeoutMs } from '../lab.js'
import { environment } from './environment.js'
import type { Question, Questions, Reply } from './messages.js'

const lastWords = 400

/**
 * Runs each job in a child process of the same Node.
 * @param where `node-256` sets V8's flag for 256-bit vectors in the child process
 */
export function openNodeLab(where: 'node' | 'node-256', folder: string): Lab {
  const children = new Set<ChildProcess>()

  const ask = <Kind extends keyof Questions>(
    kind: Kind,
    question: Questions[Kind]['ask'],
    threads: number,
    { progress, timeoutMs }: { progress?: Progress; timeoutMs?: number },
  ): Promise<Questions[Kind]['answer']> =>
    new Promise((resolve, reject) => {
      const child = fork(new URL('./child.js', import.meta.url), {
        env: environment(threads),
        execArgv: where === 'node-256' ? ['--experimental-wasm-revectorize'] : [],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      })
      children.add(child)
      let errors = ''
      child.stderr?.on('data', (text: Buffer) => {
        errors = (errors + text.toString()).slice(-lastWords)
      })
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs)
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        clearTimeout(timer)
        children.delete(child)
        reject(new Error(`the process ended with ${signal ?? `code ${code}`} before it answered ${errors.trim()}`.trim()))
      })
      child.on('message', (reply: Reply) => {
        switch (reply.kind) {
          case 'progress':
            return progress?.(reply.text)
          case 'answer':
            return resolve(reply.answer as Questions[Kind]['answer'])
          case 'error':
            return reject(new Error(reply.message))
          default:
            throw new Error(`unknown reply ${reply satisfies never}`)
        }
      })
      child.send({ kind, folder, ask: question } as Question)
    })

  const start = { timeoutMs: startTimeoutMs }
  return {
    where,
    version: `Node ${process.version}${where === 'node-256' ? ', 256 bits' : ''}`,
    survey: (job) => ask('survey', job, job.assignment.threads, start),
    coldStart: (job) => ask('coldStart', job, job.assignment.threads, start),
    paired: (job, progress) => ask('paired', job, job.assignment.threads, { progress }),
    scaling: (job, progress) => ask('scaling', job, 1, { progress }),
    async close() {
      for (const child of children) child.kill('SIGKILL')
    },
  }
}
