import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { FileButton } from '../../view/file-button.js'
import { CardCamera } from './card-camera.js'
import { nothingOfThese, type TaughtClass } from './lesson.js'
import { Pictures } from './pictures.js'
import { addAnything } from './project.js'
import { removeClass, removeSamples, rename } from './state.js'

interface ClassCardProps {
  readonly taught: TaughtClass
  /** From 1. */
  readonly number: number
  readonly canRemove: boolean
  readonly recording: boolean
  readonly onCamera: (open: boolean) => void
}

function hintFor({ name, samples }: TaughtClass): string {
  if (samples.length > 0) return `${samples.length} picture${samples.length === 1 ? '' : 's'}`
  return name === nothingOfThese
    ? 'The empty room, the table, your hand: everything that is in none of your classes.'
    : 'Ten pictures are a good beginning.'
}

/** One class: its name, its pictures, and ways to add more. */
export function ClassCard({ taught, number, canRemove, recording, onCamera }: ClassCardProps): JSX.Element {
  const { key, name, samples } = taught
  const [dragged, setDragged] = useState(false)
  const shown = name.trim() || `class ${number}`
  return (
    <li
      class="class-card"
      style={{ '--class-colour': `var(--class-${number})` }}
      data-dragged={dragged}
      onDragOver={(event) => {
        event.preventDefault()
        setDragged(true)
      }}
      onDragLeave={() => setDragged(false)}
      onDrop={(event) => {
        event.preventDefault()
        setDragged(false)
        void addAnything(key, Array.from(event.dataTransfer?.files ?? []))
      }}
    >
      <div class="class-head">
        <input
          type="text"
          aria-label={`Name of class ${number}`}
          value={name}
          maxLength={40}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onInput={({ currentTarget }) => rename(key, currentTarget.value)}
        />
        {canRemove && (
          <button type="button" class="plain" aria-label={`Remove ${shown}`} onClick={() => removeClass(taught)}>
            ×
          </button>
        )}
      </div>
      {recording ? (
        <CardCamera classKey={key} name={shown} onEnd={() => onCamera(false)} />
      ) : (
        <div class="actions">
          <button type="button" aria-label={`Record ${shown} with the camera`} onClick={() => onCamera(true)}>
            Camera
          </button>
          <FileButton
            label="Add pictures"
            more={`of ${shown}`}
            accept="image/*,.zip"
            multiple
            onFiles={(files) => void addAnything(key, files)}
          />
        </div>
      )}
      <p class="class-hint">
        <span>{hintFor(taught)}</span>
        {samples.length > 1 && (
          <button type="button" class="plain small" onClick={() => removeSamples(taught)}>
            Remove all
          </button>
        )}
      </p>
      <Pictures taught={taught} />
    </li>
  )
}
