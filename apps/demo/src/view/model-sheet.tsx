import { totalParameters } from '@mobilenetv2/spec'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Opened } from '../engine/operations.js'
import { takeFiles } from '../state/files.js'
import { chosenModel, opened } from '../state/model.js'
import { type ZooChoice, zooChoices } from '../state/zoo-choices.js'
import { BackendList } from './backend-list.js'
import { FileButton } from './file-button.js'
import { accuracyOf, ModelList } from './model-list.js'
import { modelName } from './model-name.js'
import { bytes, count } from './numbers.js'
import { Reasons } from './reasons.js'

/** The size of a file, and how many bytes each weight takes in it. */
const downloadText = ({ bytes: size, entry }: ZooChoice): string =>
  `${bytes(size)}, ${entry.weights === 'float32' ? '4 bytes' : '1 byte'} for each weight`

/** What a model holds while it runs. */
function memoryText({ memory, network }: Opened): string {
  const each = Math.round(memory.weights / totalParameters(network.architecture))
  const weights = `${bytes(memory.weights)} for the weights, now ${each} ${each === 1 ? 'byte' : 'bytes'} each`
  return `${bytes(memory.weights + memory.activations)}: ${weights}, and ${bytes(memory.activations)} for one picture`
}

/** The model that is loaded, in figures. */
function Loaded(): JSX.Element {
  const now = opened.value
  if (now === null) return <p class="quiet">No model is loaded yet. Choose one below.</p>
  const { architecture, classes, source, reasons } = now.network
  const { height, width } = architecture.input
  const choice = zooChoices.find(({ id }) => id === chosenModel.value?.id)
  const zoo = choice?.entry
  const accuracy = zoo === undefined ? null : accuracyOf(zoo)
  const facts: readonly (readonly [string, string])[] = [
    ...(zoo === undefined
      ? []
      : ([
          ['Publisher', [zoo.publisher, zoo.note].filter(Boolean).join(': ')],
          ['Licence', zoo.licence === 'other' ? 'its publisher names none' : zoo.licence],
        ] as const)),
    ...(accuracy === null ? [] : ([['Accuracy', `first answer right for ${accuracy.right} of ${accuracy.photos}`]] as const)),
    ['Classes', count(classes.labels.length)],
    ['Picture', `${width} × ${height} pixels`],
    ...(choice?.entry.location.kind === 'file' ? ([['Download', downloadText(choice)]] as const) : []),
    ['Memory', memoryText(now)],
    ['Runs on', now.device],
    ['File', source.file.replace(/^.*\//, '')],
  ]
  return (
    <>
      <p>
        <strong>{modelName()}</strong>
      </p>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details>
        <summary>How its file was read, and what was assumed</summary>
        <Reasons reasons={reasons} />
      </details>
    </>
  )
}

/** Where the model and the backend are chosen. */
export function ModelSheet({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key Escape closes a dialog by itself
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby="sheet-title"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close()
      }}
    >
      <div class="sheet-head">
        <h2 id="sheet-title">Model</h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          Done
        </button>
      </div>
      <h3>Loaded now</h3>
      <Loaded />
      <h3>Where it runs</h3>
      <BackendList />
      <h3>Your own</h3>
      <p class="quiet small-text">
        PyTorch, safetensors, ONNX, Keras, TensorFlow.js, TensorFlow Lite and more; one file, a zip, or the files of one model
        together. You can also drop it anywhere on the page. It stays on this machine.
      </p>
      <FileButton label="Your trained model…" multiple onFiles={takeFiles} />
      <h3>Other models</h3>
      <ModelList />
    </dialog>
  )
}
