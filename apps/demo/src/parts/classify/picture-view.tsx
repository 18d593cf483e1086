import type { FunctionComponent, JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { attempt } from '../../state/messages.js'
import type { ChosenPicture } from '../../state/picture.js'
import { heated } from './state.js'

/** The picture on the stage, with the heat map over it if that is wished for. */
export function PictureView({ chosen }: { readonly chosen: ChosenPicture }): JSX.Element {
  const image = useRef<HTMLImageElement>(null)
  const [Heat, setHeat] = useState<FunctionComponent<{ readonly of: HTMLImageElement }> | null>(null)
  const [loaded, setLoaded] = useState<{ readonly url: string; readonly ratio: number } | null>(null)
  useEffect(() => {
    if (!heated.value || Heat !== null) return
    void attempt('The heat map was not loaded. Check that you are online.', async () => {
      const { Heat: component } = await import('./heat.js')
      setHeat(() => component)
    })
  }, [heated.value])
  return (
    <div class="picture" style={{ '--ratio': loaded?.ratio ?? 4 / 3, visibility: loaded === null ? 'hidden' : 'visible' }}>
      <img
        ref={image}
        src={chosen.url}
        alt={chosen.example?.caption ?? chosen.name}
        decoding="async"
        onLoad={({ currentTarget }) =>
          setLoaded({ url: chosen.url, ratio: currentTarget.naturalWidth / Math.max(1, currentTarget.naturalHeight) })
        }
      />
      {heated.value && Heat !== null && loaded?.url === chosen.url && image.current !== null && <Heat of={image.current} />}
    </div>
  )
}
