import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it, vi } from 'vitest'
import { openZooModel } from '../src/index.js'

it('the labels of nsfw-1.4-224 are those of the package', async () => {
  const entryPoint = createRequire(import.meta.url).resolve('nsfwjs')
  const root = entryPoint.slice(0, entryPoint.indexOf('/dist/'))
  const source = readFileSync(`${root}/dist/esm/nsfw_classes.js`, 'utf8')
  const { labels } = await openZooModel('nsfw-1.4-224')
  expect(Array.from(source.matchAll(/(\d): '(\w+)'/g), ([, index, label]) => [Number(index), label])).toEqual([...labels.entries()])
})

it('nsfw-1.4-224 says what to install if the package is missing', async () => {
  vi.doMock('nsfwjs/models/mobilenet_v2_mid', () => {
    throw new Error("Cannot find package 'nsfwjs'")
  })
  const { openNsfwjs } = await import('../src/nsfwjs-model.js')
  const location = { kind: 'npm', package: 'nsfwjs', version: '4.4.0', model: 'mobilenet_v2_mid' } as const
  await expect(openNsfwjs(location)).rejects.toMatchObject({
    code: 'SOURCE',
    message: expect.stringContaining('what to do: npm install nsfwjs@4.4.0'),
  })
})
