import { pictureRoute } from '@mobilenetv2/image'
import type { Explanation } from 'mobilenetv2'
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask } from '../../engine/client.js'
import { attempt } from '../../state/messages.js'
import { opened } from '../../state/model.js'
import { picture } from '../../state/picture.js'
import { classTitle } from '../../view/class-name.js'

/** Paints a heat map, one pixel for each of its values: violet where there is some evidence, yellow where there is most. */
function paint(canvas: HTMLCanvasElement, { heat, height, width }: Explanation): void {
  canvas.width = width
  canvas.height = height
  const image = new ImageData(width, height)
  heat.forEach((value, place) => {
    image.data.set([150 + 100 * value, 20 + 225 * value ** 2, 160 - 130 * value, 215 * value ** 0.8], 4 * place)
  })
  canvas.getContext('2d')!.putImageData(image, 0, 0)
}

/** Where on the picture the evidence for the best answer is, laid over it. */
export function Heat({ of }: { readonly of: HTMLImageElement }): JSX.Element | null {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [label, setLabel] = useState<string | null>(null)
  const chosen = picture.value
  const model = opened.value
  useEffect(() => {
    if (chosen === null || model === null) return
    let current = true
    void attempt('This network has no heat map.', async () => {
      const explanation = await ask('explain', [chosen.file, null])
      if (!current || canvas.current === null) return
      paint(canvas.current, explanation)
      setLabel(explanation.answer.label)
    })
    return () => {
      current = false
      setLabel(null)
    }
  }, [chosen, model])

  if (model === null) return null
  const { preprocessing, architecture } = model.network
  const size = { width: of.naturalWidth, height: of.naturalHeight }
  // The network sees a part of the picture, at its middle for most.
  const { box, size: scaled, window } = pictureRoute(preprocessing, size, architecture.input)
  const part = (
    begin: number,
    length: number,
    all: number,
    from: number,
    extent: number,
    whole: number,
  ): readonly [number, number] => [(from + (begin / all) * extent) / whole, ((length / all) * extent) / whole]
  const [left, width] = part(window.left, window.width, scaled.width, box.left, box.width, size.width)
  const [top, height] = part(window.top, window.height, scaled.height, box.top, box.height, size.height)
  const percent = (share: number): string => `${100 * share}%`
  return (
    <canvas
      ref={canvas}
      class={label === null ? 'heat' : 'heat shown'}
      role="img"
      aria-label={label === null ? 'A heat map' : `Brighter where the network finds ${classTitle(label)}`}
      style={{ left: percent(left), top: percent(top), width: percent(width), height: percent(height) }}
    />
  )
}
