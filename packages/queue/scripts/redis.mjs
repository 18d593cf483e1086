import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** A port that nothing listens at. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (is) => {
      socket.destroy()
      resolve(is)
    }
    socket.on('connect', () => end(true)).on('error', () => end(false))
  })
}

/** Starts redis-server, which keeps its data in an append-only file in `folder`. Gives its process. */
export async function startRedis(port, folder, more = []) {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes', ...more]
  const redis = spawn('redis-server', args, { stdio: 'ignore' })
  for (let left = 200; !(await canConnect(port)); left--) {
    if (left === 0 || redis.exitCode !== null) throw new Error(`redis-server does not start at port ${port}`)
    await pause(50)
  }
  return redis
}

/** Ends a process, and waits for its end. */
export async function end(child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}
