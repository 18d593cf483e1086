import { describe, expect, it } from 'vitest'
import { openZooModel } from '../src/index.js'
import { provideNsfwjs } from '../src/nsfwjs.js'

// A page has the package only if it is provided; Node would find it.
if (typeof document !== 'undefined') provideNsfwjs()

interface ModelJson {
  readonly format: string
  readonly weightsManifest: readonly {
    readonly paths: readonly string[]
    readonly weights: readonly { readonly shape: readonly number[]; readonly quantization?: { readonly dtype: string } }[]
  }[]
}

describe('nsfw-1.4-224, the model inside of npm nsfwjs', () => {
  it('is a graph-model whose weight files hold exactly the bytes that its manifest lists', async () => {
    const { bytes, file, readSibling, labels } = await openZooModel('nsfw-1.4-224')
    const model: ModelJson = JSON.parse(new TextDecoder().decode(bytes))
    expect([model.format, file, labels.length]).toEqual(['graph-model', 'nsfwjs/models/mobilenet_v2_mid/model.json', 5])
    const [group] = model.weightsManifest
    expect(group!.paths).toEqual(['group1-shard1of2', 'group1-shard2of2'])
    const shards = await Promise.all(group!.paths.map((path) => readSibling!(path)))
    const bytesOf = (shape: readonly number[], dtype: string | undefined): number =>
      shape.reduce((product, extent) => product * extent, 1) * (dtype === 'uint8' ? 1 : dtype === 'uint16' ? 2 : 4)
    const listed = group!.weights.reduce((sum, { shape, quantization }) => sum + bytesOf(shape, quantization?.dtype), 0)
    expect(shards.reduce((sum, shard) => sum + shard!.length, 0)).toBe(listed)
  })

  it('has no other file', async () => {
    const { readSibling } = await openZooModel('nsfw-1.4-224')
    expect(await readSibling!('group1-shard3of2')).toBeNull()
  })
})
