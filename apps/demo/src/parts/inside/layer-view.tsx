import type { LayerId } from '@mobilenetv2/spec'
import type { LayerActivation } from 'mobilenetv2'
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import { attempt } from '../../state/messages.js'
import { opened } from '../../state/model.js'
import { picture } from '../../state/picture.js'
import { channelsShown, drawFeatureMaps, drawPicture } from './draw.js'

/** What one layer makes of the picture, channel by channel. */
export function LayerView({ layer }: { readonly layer: LayerId }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [activation, setActivation] = useState<LayerActivation | null>(null)
  const [first, setFirst] = useState(0)
  const chosen = picture.value
  const model = opened.value

  useEffect(() => {
    setFirst(0)
    if (chosen === null || model === null) return
    let current = true
    void attempt(`The layer ${layer} cannot be shown.`, async () => {
      const result = await ask('inside.activation', [chosen.file, layer])
      if (current) setActivation(result)
    })
    return () => {
      current = false
    }
  }, [layer, chosen, model])

  useEffect(() => {
    if (activation !== null && canvas.current !== null) drawFeatureMaps(canvas.current, activation, first)
  }, [activation, first])

  const isVector = activation !== null && activation.height * activation.width === 1
  const pages = activation === null || isVector ? 1 : Math.ceil(activation.channels / channelsShown)
  const last = activation === null ? 0 : Math.min(activation.channels, first + channelsShown)
  return (
    <div class="maps">
      <h2>
        What <code>{layer}</code> sees
      </h2>
      <canvas ref={canvas} role="img" aria-label={`Feature maps of ${layer}`} class={isVector ? 'vector' : ''} />
      {activation !== null && (
        <p class="quiet">
          {isVector
            ? `${activation.channels} values`
            : `Channels ${first} to ${last - 1} of ${activation.channels}, each ${activation.height} × ${activation.width}, from its least value (dark) to its greatest (light).`}
        </p>
      )}
      {pages > 1 && (
        <div class="actions">
          <button type="button" disabled={first === 0} onClick={() => setFirst(first - channelsShown)}>
            Earlier channels
          </button>
          <button
            type="button"
            disabled={activation === null || last >= activation.channels}
            onClick={() => setFirst(first + channelsShown)}
          >
            Later channels
          </button>
        </div>
      )}
    </div>
  )
}

/** Where in the picture the network finds its best answer. */
export function ClassActivation(): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [label, setLabel] = useState<string | null>(null)
  const chosen = picture.value
  const model = opened.value
  useEffect(() => {
    if (chosen === null || model === null) return
    let current = true
    void attempt('The class activation map cannot be shown.', async () => {
      const { answer, overlay } = await ask('explain', [chosen.file, null])
      if (!current || canvas.current === null) return
      drawPicture(canvas.current, overlay)
      setLabel(answer.label)
    })
    return () => {
      current = false
    }
  }, [chosen, model])
  return (
    <figure>
      <canvas ref={canvas} role="img" aria-label={`The picture, brighter where the network finds ${label ?? 'its answer'}`} />
      <figcaption>
        Class activation map: what speaks for <strong>{label ?? '…'}</strong>
      </figcaption>
    </figure>
  )
}
