import { pictureRoute } from '@mobilenetv2/image'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { opened } from '../../state/model.js'
import { picture } from '../../state/picture.js'
import { useAsked } from './use-asked.js'

/** Pixels of the drawing for one of the network's input, so that it is sharp on a large screen. */
const sharpness = 2

/** The part of the picture that the network is given, as large as its box. */
export function Crop({ label }: { readonly label: string }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const chosen = picture.value
  const model = opened.value
  const bitmap = useAsked('The picture cannot be drawn.', chosen === null ? null : () => createImageBitmap(chosen.file), [chosen])
  useEffect(() => {
    if (bitmap === null || model === null || canvas.current === null) return
    const { preprocessing, architecture } = model.network
    const { box, size, window } = pictureRoute(preprocessing, bitmap, architecture.input)
    const [across, down] = [box.width / size.width, box.height / size.height]
    canvas.current.width = sharpness * window.width
    canvas.current.height = sharpness * window.height
    const context = canvas.current.getContext('2d')!
    // As the packages do it with a transparent picture.
    context.fillStyle = '#fff'
    context.fillRect(0, 0, canvas.current.width, canvas.current.height)
    context.imageSmoothingQuality = 'high'
    context.drawImage(
      bitmap,
      box.left + window.left * across,
      box.top + window.top * down,
      window.width * across,
      window.height * down,
      0,
      0,
      canvas.current.width,
      canvas.current.height,
    )
  }, [bitmap, model])
  return <canvas ref={canvas} class="crop" role="img" aria-label={label} width="224" height="224" />
}
