import { execFile } from 'node:child_process'

/** The command line's script. */
export const cli: string = new URL('../dist/bin.cjs', import.meta.url).pathname

/** How a command ended: its exit status and what it wrote. */
export interface Outcome {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

interface Circumstances {
  readonly environment?: Record<string, string>
  /** The content of the standard input. */
  readonly input?: Uint8Array
}

/** Commands that run a model. They get the model that npm's `nsfwjs` carries, because the default model would be downloaded. */
const askModel = new Set(['classify', 'embed', 'similar', 'sort', 'explain', 'bench'])

function spawn(file: string, parameters: readonly string[], { environment, input }: Circumstances): Promise<Outcome> {
  return new Promise((resolve) => {
    // Without the models that this machine may have.
    const env = { ...process.env, MOBILENETV2_MODELS: '', NO_COLOR: '1', ...environment }
    const child = execFile(file, parameters, { env, encoding: 'utf8' }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr })
    })
    child.stdin?.end(input)
  })
}

/** Runs the command line as a user does. */
export function runWith(circumstances: Circumstances, ...args: string[]): Promise<Outcome> {
  const isNamed = args.includes('--model') || args.includes('--index')
  const model = askModel.has(args[0] ?? '') && !isNamed ? ['--model', 'nsfw-1.4-224'] : []
  return spawn(process.execPath, [cli, ...args, ...model], circumstances)
}

export const run = (...args: string[]): Promise<Outcome> => runWith({}, ...args)

/** Runs a script of bash, in which `mobilenetv2` is the command line and `$1`, `$2` … are the parameters. */
export function shell(script: string, ...parameters: string[]): Promise<Outcome> {
  const command = `mobilenetv2() { '${process.execPath}' '${cli}' "$@"; }\n${script}`
  return spawn('bash', ['-c', command, 'bash', ...parameters], {})
}
