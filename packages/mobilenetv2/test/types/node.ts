// Code of a program for Node. It is also compiled without the library of a page.
import { readFile } from 'node:fs/promises'
import { type Evaluation, load, type Model, readNetwork } from 'mobilenetv2'

export async function classifyFile(path: string): Promise<string | undefined> {
  using model = await load(await readFile('model.safetensors'), { signal: AbortSignal.timeout(1000) })
  const [best] = await model.classify(await readFile(path), { signal: new AbortController().signal })
  return best?.label
}

export async function sources(model: Model): Promise<void> {
  const blob = new Blob([new Uint8Array(8)])
  await load(blob)
  await load(new URL('file:///model.onnx'))
  await load('https://example.com/model.onnx', { fetch, cache: '/tmp/models' })
  await readNetwork(await fetch('https://example.com/model.onnx'))
  await readNetwork(new ReadableStream<Uint8Array>())
  await model.classify(blob)
  await model.classify(new URL('file:///picture.jpg'))
  await model.classify(await fetch('https://example.com/picture.jpg'))
}

export async function evaluated(model: Model): Promise<string | undefined> {
  const evaluation: Evaluation = await model.evaluate('photos/', { labels: 'val.txt', temperature: true, mistakes: 3 })
  await model.evaluate({ cat: ['1.jpg'], dog: new Set([new Blob([])]) })
  // @ts-expect-error A picture is no list of pictures.
  await model.evaluate({ cat: new Uint8Array(8) }).catch(() => {})
  const counts: number | undefined = evaluation.confusion[0]?.[1]
  return counts === 0 ? undefined : evaluation.mistakes[0]?.right.label
}

export async function refused(model: Model): Promise<void> {
  // @ts-expect-error A stream of texts is no model.
  await readNetwork(new ReadableStream<string>())
  // @ts-expect-error A stream of texts is no picture.
  await model.classify(new ReadableStream<string>())
  // @ts-expect-error A controller is no signal.
  await model.classify('picture.jpg', { signal: new AbortController() })
}
