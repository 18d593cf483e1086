import { render } from 'preact'
import { App } from './app.js'
import { startClassifying } from './parts/classify/state.js'
import { followAddress } from './state/address.js'
import { takeFilesOfPage } from './state/files.js'
import { start } from './state/model.js'
import { keepAll, keepSite } from './state/offline.js'

/** Resolves in a task of its own, so that the browser has its turn between two steps of the start. */
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })

followAddress()
// First, because the model waits for it.
const kept = keepSite()
await nextTask()
render(<App />, document.getElementById('app')!)
await nextTask()
takeFilesOfPage()
startClassifying()
void kept
  .then(start)
  // After the model is loaded: both downloads would share the connection.
  .then(keepAll)
