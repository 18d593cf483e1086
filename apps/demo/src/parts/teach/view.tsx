import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { filesOf } from '../../state/dropped-files.js'
import { UseThis } from '../../view/code.js'
import { loadCode } from '../../view/load-code.js'
import { Export } from './export.js'
import { Gather } from './gather.js'
import { Preview } from './preview.js'
import { takeDropped } from './project.js'
import { ProjectBar } from './project-bar.js'
import { classes, isTaught, restoreOnce } from './state.js'
import { Train } from './train.js'
import './style.css'

function codeNow(): string {
  const lists = classes.value.map(
    ({ name }, index) => `  ${JSON.stringify(name.trim() || `class ${index + 1}`)}: filesOf${index + 1},`,
  )
  return `import { load } from 'mobilenetv2'

const model = await ${loadCode()}
const taught = await model.teach({
${lists.join('\n')}
})
console.log(taught.report.validation?.accuracy)
const [best] = await taught.model.classify(document.querySelector('img'))`
}

/** Teach the network classes of the visitor's own. */
export function Teach(): JSX.Element {
  useEffect(() => void restoreOnce(), [])
  return (
    <section
      class="teach"
      aria-labelledby="teach-title"
      onDrop={(event) => {
        const items = Array.from(event.dataTransfer?.items ?? [], (item) => item.webkitGetAsEntry())
        const entries = items.filter((entry) => entry !== null)
        // The page takes what is not a file, such as a picture dragged from another page.
        if (event.defaultPrevented || entries.length === 0) return
        event.preventDefault()
        void takeDropped(filesOf(entries))
      }}
    >
      <h1 id="teach-title">Teach it</h1>
      <p class="lead">
        Show it a few pictures of your own classes. It learns to tell them apart in about a second, and no picture leaves this page.
      </p>
      <ProjectBar />
      <div class="teach-columns">
        <Gather />
        <Train />
        <Preview />
      </div>
      {isTaught.value && <Export />}
      <UseThis code={codeNow()} page="teaching.md" about="Teaching, from photos to a web page" />
    </section>
  )
}
