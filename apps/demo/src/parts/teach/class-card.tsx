import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { FileButton } from '../../view/file-button.js'
import type { TaughtClass } from './lesson.js'

interface ClassCardProps {
  readonly taught: TaughtClass
  readonly number: number
  readonly onName: (name: string) => void
  readonly onFile: (file: File) => void
  /** Takes what the camera shows; null without a camera. */
  readonly onFrame: (() => Promise<void>) | null
  /** Null where there must be no fewer classes. */
  readonly onRemove: (() => void) | null
}

/** Milliseconds between two frames while the button is held. */
const pause = 180

/** Thumbnails that are shown of a class. */
const shown = 12

/** One class: its name, its pictures, and ways to add more. */
export function ClassCard({ taught, number, onName, onFile, onFrame, onRemove }: ClassCardProps): JSX.Element {
  const holding = useRef(0)
  const { name, samples } = taught
  const hold = async (): Promise<void> => {
    const mine = ++holding.current
    while (holding.current === mine && onFrame !== null) {
      await onFrame()
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  const release = (): void => {
    holding.current += 1
  }
  return (
    <li
      class="card class-card"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        for (const file of event.dataTransfer?.files ?? []) onFile(file)
      }}
    >
      <div class="class-head">
        <input
          type="text"
          aria-label={`Name of class ${number}`}
          value={name}
          maxLength={40}
          onInput={({ currentTarget }) => onName(currentTarget.value)}
        />
        {onRemove !== null && (
          <button type="button" aria-label={`Remove ${name}`} onClick={onRemove}>
            ×
          </button>
        )}
      </div>
      <ul class="thumbs" aria-label={`Pictures of ${name}`}>
        {samples.slice(-shown).map(({ url }, index) => (
          <li key={url}>
            <img src={url} alt={`${name} ${index + 1}`} width="48" height="48" />
          </li>
        ))}
      </ul>
      <p class="quiet small-text">
        {samples.length === 0 ? 'Drop pictures here.' : `${samples.length} picture${samples.length === 1 ? '' : 's'}`}
      </p>
      <div class="actions">
        <FileButton label={`Pictures of ${name || `class ${number}`}`} accept="image/*" multiple onFile={onFile} />
        {onFrame !== null && (
          <button
            type="button"
            onPointerDown={() => void hold()}
            onPointerUp={release}
            onPointerLeave={release}
            onKeyDown={({ key, repeat }) => {
              if ((key === 'Enter' || key === ' ') && !repeat) void hold()
            }}
            onKeyUp={release}
            onBlur={release}
          >
            Hold to record {name}
          </button>
        )}
      </div>
    </li>
  )
}
