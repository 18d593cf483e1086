import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { TaughtClass } from './lesson.js'
import { removeSample } from './state.js'
import { Thumb } from './thumb.js'

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

/** The pictures of a class; each is a button that removes it. Tab stops once in the list; the arrow keys go from picture to picture. */
export function Pictures({ taught: { key, name, samples } }: { readonly taught: TaughtClass }): JSX.Element | null {
  const list = useRef<HTMLUListElement>(null)
  const [current, setCurrent] = useState(0)
  if (samples.length === 0) return null
  const focus = (index: number): void => {
    const next = Math.max(0, Math.min(index, samples.length - 1))
    setCurrent(next)
    list.current?.querySelectorAll('button')[next]?.focus()
  }
  const remove = (index: number): void => {
    removeSample(key, samples[index]!.id)
    // After the button has gone, the next one has its place.
    requestAnimationFrame(() => focus(Math.min(index, samples.length - 2)))
  }
  return (
    <ul class="pictures" ref={list} aria-label={`Pictures of ${name}`}>
      {samples.map(({ id, file }, index) => (
        <li key={id}>
          <button
            type="button"
            tabIndex={index === Math.min(current, samples.length - 1) ? 0 : -1}
            aria-label={`Remove picture ${index + 1} of ${name}`}
            onClick={() => remove(index)}
            onFocus={() => setCurrent(index)}
            onKeyDown={(event) => {
              const step = steps[event.key]
              if (step !== undefined) {
                event.preventDefault()
                focus(index + step)
              }
              if (event.key === 'Delete' || event.key === 'Backspace') remove(index)
            }}
          >
            <Thumb file={file} alt="" />
            <span class="cross" aria-hidden="true">
              ×
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
