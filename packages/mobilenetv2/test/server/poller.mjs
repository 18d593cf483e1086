// Asks a server's route every 10 ms, in a process of its own, and tells how long each answer took. A poll that is due while another is
// under way waits for it, and this counts too. All polls share one connection: a new one would wait behind those of the uploads,
// since Node accepts one connection in each turn of its event loop.
import { existsSync, readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'

const [, , url, server] = process.argv
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const statistics = `/proc/${server}/schedstat`

/**
 * The milliseconds that the server's main thread has run. They leave out the time that the thread waits for a processor on a busy machine,
 * which is no fault of the server. If the system does not state them, a clock is read instead.
 */
const serverTime = existsSync(statistics)
  ? () => Number(readFileSync(statistics, 'utf8').split(' ')[0]) / 1e6
  : () => performance.now()

const trips = []

function poll() {
  const due = { clock: performance.now(), server: serverTime() }
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent }, (response) => {
      response.resume().on('end', () => {
        trips.push({ clock: performance.now() - due.clock, server: serverTime() - due.server })
        resolve()
      })
    })
    asked.on('error', reject)
  })
}

await poll()
trips.length = 0
const polls = []
const timer = setInterval(() => polls.push(poll()), 10)
process.send('polling')
process.once('message', async () => {
  clearInterval(timer)
  await Promise.all(polls)
  process.send(trips)
})
