import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { attempt } from '../../state/messages.js'
import { FileButton } from '../../view/file-button.js'
import { pictureCount } from './lesson.js'
import { openFile, saveProject } from './project.js'
import { sampleLesson } from './samples.js'
import { classes, isKept, isTaught, obstacle, replaceClasses, startOver, undo, undoable } from './state.js'

function Undo(): JSX.Element {
  return (
    <p class="undo" role="status">
      {undoable.value !== null && (
        <>
          {undoable.value.what}{' '}
          <button type="button" onClick={undo}>
            Undo
          </button>
        </>
      )}
    </p>
  )
}

/** Where the pictures are kept, and the ways to begin, to open and to save. */
export function ProjectBar(): JSX.Element {
  const [fetching, setFetching] = useState(false)
  const count = pictureCount(classes.value)
  const useSamples = (): Promise<void> =>
    attempt(
      'The sample photos were not loaded. Check that you are online.',
      async () => {
        setFetching(true)
        try {
          replaceClasses('Sample photos took the place of your classes.', await sampleLesson())
        } finally {
          setFetching(false)
        }
      },
      () => void useSamples(),
    )
  return (
    <div class="project-bar">
      <div class="actions">
        <button type="button" class={count === 0 ? 'primary' : ''} disabled={fetching} onClick={() => void useSamples()}>
          {fetching ? 'Fetching photos…' : 'Try it with sample photos'}
        </button>
        {obstacle.value === null && !isTaught.value && (
          // Where the columns lie below each other, the next one is out of sight.
          <button
            type="button"
            class="primary next-column"
            onClick={() => document.getElementById('train-title')!.scrollIntoView()}
          >
            Next: let it learn
          </button>
        )}
        <FileButton label="Open a project or model" onFile={(file) => void openFile(file)} />
        {count > 0 && (
          <>
            <button type="button" onClick={() => void saveProject()}>
              Save the project
            </button>
            <button type="button" onClick={startOver}>
              Start over
            </button>
          </>
        )}
      </div>
      <p class="quiet small-text">
        {isKept.value === false
          ? 'This browser keeps nothing for your next visit. Save the project before you leave.'
          : count > 0
            ? `${count} pictures, kept in this browser until you remove them.`
            : 'You can open a project, a zip with a folder of pictures for each class, or a model (Teachable Machine too).'}
      </p>
      <Undo />
    </div>
  )
}
