import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** The standard output of a command. If the command fails, the error has all of its output. */
export async function run(folder, command, ...args) {
  try {
    return (await execute(command, args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' })).stdout
  } catch ({ message, stdout, stderr }) {
    throw new Error(`${message}\n${stdout}${stderr}`)
  }
}

async function freePort() {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** How long a server may take to build its page and to answer. */
const longestStart = 120_000

async function untilAnswered(url, hasEnded) {
  for (const deadline = Date.now() + longestStart; Date.now() < deadline; await wait(100)) {
    if (hasEnded()) throw new Error('`npm start` ended by itself.')
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
  }
  throw new Error(`${url} does not answer.`)
}

/** Runs `npm start` of an example for as long as `use` works with the address of its server. */
export async function whileServed(folder, use) {
  const port = await freePort()
  const server = spawn('npm', ['start', '--', '--port', String(port)], {
    cwd: folder,
    detached: true,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const ended = once(server, 'exit')
  const url = `http://localhost:${port}/`
  try {
    await untilAnswered(url, () => server.exitCode !== null)
    return await use(url)
  } catch (error) {
    throw new Error(`${error.stack}\n${output}`)
  } finally {
    // The server is a child process of npm, so the whole process group is ended.
    if (server.exitCode === null) process.kill(-server.pid)
    await ended
  }
}
