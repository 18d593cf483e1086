import type { FunctionComponent, JSX } from 'preact'
import { useState } from 'preact/hooks'
import { attempt } from '../state/messages.js'
import { opened, status } from '../state/model.js'
import { chipBackend, chipText } from './model-name.js'

/** What a screen reader is told: once for each step of a loading, not for each megabyte. */
function spoken(): string {
  switch (status.value.kind) {
    case 'starting':
      return ''
    case 'downloading':
      return 'Loading the model.'
    case 'compiling':
      return 'Compiling the model.'
    case 'ready':
      return `The model is ready: ${chipText()}${chipBackend()}.`
    case 'empty':
      return 'No model is loaded.'
    default:
      return status.value satisfies never
  }
}

/** The model and its backend in one line; opens the sheet where both are chosen. */
export function ModelChip(): JSX.Element {
  const [Sheet, setSheet] = useState<FunctionComponent<{ readonly onClose: () => void }> | null>(null)
  const [open, setOpen] = useState(false)
  const now = status.value
  const busy = now.kind === 'starting' || now.kind === 'downloading' || now.kind === 'compiling'
  const share = now.kind === 'downloading' && now.total !== null ? now.loaded / now.total : null
  const show = (): Promise<void> =>
    attempt(
      'The list of models was not loaded. Check that you are online.',
      async () => {
        const { ModelSheet } = await import('./model-sheet.js')
        setSheet(() => ModelSheet)
        setOpen(true)
      },
      () => void show(),
    )
  return (
    <>
      <button
        type="button"
        class="chip"
        data-status={now.kind}
        aria-haspopup="dialog"
        title={opened.value?.device}
        style={share === null ? undefined : { '--share': share }}
        onClick={() => void show()}
      >
        <span class={busy ? 'dot busy' : now.kind === 'ready' ? 'dot ready' : 'dot'} />
        <span class="chip-text">
          {chipText()}
          <span class="chip-backend">{chipBackend()}</span>
        </span>
        <span aria-hidden="true">▾</span>
      </button>
      <p class="unseen" role="status">
        {spoken()}
      </p>
      {open && Sheet !== null && <Sheet onClose={() => setOpen(false)} />}
    </>
  )
}
