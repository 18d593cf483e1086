import type { JSX } from 'preact'
import { opened, taken } from '../state/model.js'
import { modelName } from './model-name.js'
import { Reasons } from './reasons.js'

/** What was worked out about a checkpoint of the visitor's, once it is loaded. */
export function TakenNote(): JSX.Element | null {
  if (taken.value === null || opened.value === null) return null
  return (
    <section class="taken" aria-label="Your model">
      <p>
        <strong>{taken.value}</strong> is loaded: {modelName()}. It is the model of every part of this site until you reload.
      </p>
      <details>
        <summary>How its file was read, and what was assumed</summary>
        <Reasons reasons={opened.value.network.reasons} />
      </details>
      <button
        type="button"
        onClick={() => {
          taken.value = null
        }}
      >
        Close
      </button>
    </section>
  )
}
