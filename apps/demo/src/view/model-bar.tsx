import type { JSX } from 'preact'
import type { BackendId } from '../engine/backends.js'
import { takeFiles } from '../state/files.js'
import { backends, chooseBackend, chooseModel, chosenBackend, chosenModel, models, opened, status } from '../state/model.js'
import type { ModelChoice } from '../state/model-choices.js'
import { FileButton } from './file-button.js'

const groups: Readonly<Record<ModelChoice['group'], string>> = {
  here: 'Served by this site',
  yours: 'Your files',
  carried: 'Carried by npm',
  download: 'Downloaded from their publishers',
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)

function statusText(): string {
  const now = status.value
  switch (now.kind) {
    case 'starting':
      return 'Starting the engine…'
    case 'downloading':
      if (now.loaded === 0) return 'Loading the model…'
      return `Downloading ${megabytes(now.loaded)}${now.total === null ? '' : ` of ${megabytes(now.total)}`} MB…`
    case 'compiling':
      return 'Compiling…'
    case 'ready':
      return `Ready: ${opened.value?.device}`
    case 'empty':
      return 'No model. Choose one, or drop the files of a checkpoint on this page.'
    default:
      return now satisfies never
  }
}

function Status(): JSX.Element {
  const now = status.value
  const share = now.kind === 'downloading' && now.total !== null ? now.loaded / now.total : undefined
  const busy = now.kind === 'starting' || now.kind === 'downloading' || now.kind === 'compiling'
  return (
    <div class="status">
      <p role="status" data-status={now.kind}>
        <span class={busy ? 'dot busy' : now.kind === 'ready' ? 'dot ready' : 'dot'} /> {statusText()}
      </p>
      {busy && <progress aria-label="Loading" {...(share !== undefined && { value: share })} />}
    </div>
  )
}

/** Why the backends that are not available are not. One line from the start, so that nothing below it moves. */
function Unavailable(): JSX.Element {
  const missing = backends.value.flatMap(({ id, title, availability }) =>
    availability.available ? [] : [{ id, title, text: `${availability.reason} ${availability.remedy}` }],
  )
  if (backends.value.length === 0) return <p class="hint">Looking which backends can run here…</p>
  if (missing.length === 0) return <p class="hint">All {backends.value.length} backends can run here.</p>
  return (
    <details class="hint">
      <summary>
        {missing.length} of {backends.value.length} backends cannot run here: why
      </summary>
      <ul>
        {missing.map(({ id, title, text }) => (
          <li key={id}>
            <strong>{title}</strong>: {text}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** The model, the backend that runs it, and how both are doing. */
export function ModelBar(): JSX.Element {
  const present = (Object.keys(groups) as ModelChoice['group'][]).filter((group) =>
    models.value.some((model) => model.group === group),
  )
  return (
    <section class="bar" aria-label="Model and backend">
      <label class="choice wide">
        Model
        <select value={chosenModel.value} onChange={({ currentTarget }) => void chooseModel(currentTarget.value)}>
          {present.map((group) => (
            <optgroup key={group} label={groups[group]}>
              {models.value
                .filter((model) => model.group === group)
                .map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label class="choice backend">
        Backend
        <select value={chosenBackend.value} onChange={({ currentTarget }) => void chooseBackend(currentTarget.value as BackendId)}>
          {backends.value.map(({ id, title, availability }) => (
            <option key={id} value={id} disabled={!availability.available}>
              {title}
              {availability.available ? (availability.software ? ' (on a software device)' : '') : ' (not available)'}
            </option>
          ))}
        </select>
      </label>
      <FileButton label="Your checkpoint…" multiple onFiles={takeFiles} />
      <Status />
      <Unavailable />
    </section>
  )
}
