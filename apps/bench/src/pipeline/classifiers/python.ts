import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Answer, type PipelineModel, type Way, warmUp } from '../classifier.js'
import type { AtOnceAnswer } from '../jobs.js'

/** The script is read from `src`, because TypeScript does not copy it to its output. */
const script = fileURLToPath(new URL('../../../src/pipeline/classifiers/pillow_onnxruntime.py', import.meta.url))

/** The environment variable that names another interpreter. */
const interpreterVariable = 'MOBILENETV2_PYTHON'

type Question =
  | { readonly photo: string }
  | { readonly photos: readonly string[]; readonly workers: number; readonly warmUp: number }

interface Python {
  readonly device: string
  ask<Reply>(question: Question): Promise<Reply>
}

/** Runs the script in a child process. It ends with this process, because its standard input ends then. */
async function start(model: PipelineModel): Promise<Python> {
  const interpreter = process.env[interpreterVariable] ?? 'python3'
  const child = spawn(interpreter, [script, JSON.stringify(model)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const failed = new Promise<never>((_, reject) => {
    child.once('error', () =>
      reject(new Error(`cannot start ${interpreter}: set ${interpreterVariable} to the path of another Python`)),
    )
    // Not at `exit`, when its output may not have been read completely.
    child.once('close', (code) => reject(new Error(`${interpreter} ended with code ${code} before it answered`)))
  })
  failed.catch(() => {})
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })
  const reply = async <Reply>(): Promise<Reply> => {
    const [line] = (await Promise.race([once(lines, 'line'), failed])) as [string]
    const answer = JSON.parse(line) as Reply | { readonly error: string }
    if (typeof answer === 'object' && answer !== null && 'error' in answer) throw new Error(answer.error)
    return answer
  }
  const { device } = await reply<{ device: string }>()
  return {
    device,
    ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      return reply()
    },
  }
}

/** The same way in Python, timed by Python: Pillow, NumPy and native ONNX Runtime, in one process or a pool of processes. */
export const python: Way = {
  async open(model) {
    const { device, ask } = await start(model)
    return { device, classify: (photo) => ask<Answer>({ photo }) }
  },
  async atOnce({ model, photos, workers }) {
    const { ask } = await start(model)
    return ask<AtOnceAnswer>({ photos, workers, warmUp })
  },
  note: `runs python3, or the interpreter that ${interpreterVariable} names; its memory is the sum over all its processes`,
}
