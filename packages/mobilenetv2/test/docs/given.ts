/** For each name that blocks of code use without declaring it, the line that is put before such a block. */
const given: Readonly<Record<string, string>> = {
  load: "import { load } from 'mobilenetv2'",
  framesOf: "import { framesOf } from 'mobilenetv2'",
  findBackends: "import { findBackends } from 'mobilenetv2'",
  wasm: "import { wasm } from '@mobilenetv2/backend-wasm'",
  webgpu: "import { webgpu } from '@mobilenetv2/backend-webgpu'",
  readNetwork: "import { readNetwork } from '@mobilenetv2/weights'",
  readFile: "import { readFile } from 'node:fs/promises'",
  tf: "import * as tf from '@tensorflow/tfjs-core'",
  model: "const model = await load('mine.safetensors')",
  show: 'const show = (...shown: readonly unknown[]): void => void shown',
  canvas: 'const canvas = { data: new Uint8Array(4 * 64 * 64), width: 64, height: 64 } as unknown as HTMLCanvasElement',
  video: 'declare const video: HTMLVideoElement',
  signal: 'const { signal } = new AbortController()',
  bytes: "const bytes = await readFile('mobilenet_v2.pth')",
  pixels: 'const pixels = new Float32Array(224 * 224 * 3)',
  photos: "const photos = ['cat.jpg', 'photos/cat/1.jpg']",
  catFiles: "const catFiles = ['test/cat/1.jpg']",
  dogFiles: "const dogFiles = ['test/dog/1.jpg']",
  pictures: 'declare const pictures: tf.Tensor4D',
  architecture: "const { architecture, parameters } = await readNetwork(await readFile('mobilenet_v2.pth'))",
}

/** Other names that a line above declares too. */
const together: Readonly<Record<string, string>> = { parameters: 'architecture' }

const declares = (code: string, name: string): boolean =>
  new RegExp(`\\b(const|let|function|as)\\s+${name}\\b|[[{,]\\s*${name}\\s*[\\],}][^\\n]*( = | from )`).test(code)

const uses = (code: string, name: string): boolean =>
  new RegExp(`(?<![.\\w/'])${name}\\b(?!:)`).test(code.replaceAll(/\/\/.*$/gm, ''))

/** A block of code as a module. The lines that define what the block needs stand before it. */
export interface Whole {
  readonly code: string
  /** Lines before the block. */
  readonly before: number
}

/** Puts the lines that declare what a block uses before the block. */
export function complete(code: string): Whole {
  const lines: string[] = []
  let text = code
  for (;;) {
    const names = [...Object.keys(given), ...Object.keys(together)]
    const name = names.find((each) => uses(text, each) && !declares(text, each))
    if (name === undefined) break
    const line = given[together[name] ?? name]!
    lines.unshift(line)
    text = `${line}\n${text}`
  }
  return { code: text, before: lines.length }
}
