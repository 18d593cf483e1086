// Code of a page.
import { webgpu } from '@mobilenetv2/backend-webgpu'
import { type Drawable, openDrawable } from '@mobilenetv2/image'
import { load, type Model, readNetwork } from 'mobilenetv2'

export async function classifyPictures(model: Model, file: File): Promise<void> {
  const video = document.createElement('video')
  const canvas = document.createElement('canvas')
  const drawables: Drawable[] = [video, canvas, new Image(), await createImageBitmap(file), new OffscreenCanvas(1, 1)]
  for (const drawable of drawables) {
    await model.classify(drawable)
    await openDrawable(drawable)
  }
  await model.classify(new ImageData(1, 1))
  await model.classify(file, { signal: new AbortController().signal })
  await model.webcam(video, ({ answers: [best], milliseconds }) => console.log(best?.label, milliseconds))
}

export async function sources(file: File): Promise<void> {
  await load(file, { onProgress: ({ loaded, total }) => console.log(loaded, total) })
  await load(new URL('/model.onnx', location.href))
  const response = await fetch('/model.onnx')
  await readNetwork(response)
  if (response.body !== null) await readNetwork(response.body)
  webgpu({ device: undefined, onProgress: ({ done, total }) => console.log(done / total) })
}

export async function refused(model: Model): Promise<void> {
  // @ts-expect-error An element that shows no picture is none.
  await model.classify(document.createElement('p'))
  // @ts-expect-error A canvas is no video.
  await model.webcam(document.createElement('canvas'), () => undefined)
  // @ts-expect-error A page is no model.
  await load(document)
}
