import { render } from 'preact'
import { App } from './app.js'
import { startClassifying } from './parts/classify/state.js'
import { followAddress } from './state/address.js'
import { takeFilesOfPage } from './state/files.js'
import { start } from './state/model.js'
import { keepAll, keepSite } from './state/offline.js'

followAddress()
render(<App />, document.getElementById('app')!)
takeFilesOfPage()
// In a task of its own, so that the page is laid out as soon as it is there.
setTimeout(() => {
  void keepSite()
    .then(start)
    // After the model is loaded: both downloads would share the connection.
    .then(keepAll)
  startClassifying()
})
