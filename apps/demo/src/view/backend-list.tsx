import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { backends, chooseBackend, chosenBackend, findBackends, status } from '../state/model.js'

/** Every way to run the model: whether it can run here, and why not. */
export function BackendList(): JSX.Element {
  useEffect(findBackends, [])
  if (backends.value.length === 0) return <p class="quiet small-text">Finding what can run here…</p>
  const busy = status.value.kind === 'downloading' || status.value.kind === 'compiling'
  return (
    <ul class="backend-list">
      {backends.value.map(({ id, title, availability }) => (
        <li key={id}>
          <label>
            <input
              type="radio"
              name="backend"
              checked={chosenBackend.value === id}
              disabled={!availability.available || busy}
              onChange={() => void chooseBackend(id)}
            />
            {title}
            <span class="why">
              {availability.available
                ? `${availability.software ? 'On a software device, so slowly. ' : ''}${availability.device}`
                : `${availability.reason} ${availability.remedy}`}
            </span>
          </label>
        </li>
      ))}
    </ul>
  )
}
