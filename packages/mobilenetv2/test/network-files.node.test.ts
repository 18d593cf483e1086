import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { readNetwork as readBytes } from '@mobilenetv2/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { networkFiles } from '../src/network-files.js'
import { readNetwork } from '../src/read-network.js'
import { writeFiles } from '../src/write-files.node.js'
import { tinyModel } from './tiny-model.js'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-files-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const network = await readBytes(tinyModel(['a', 'b', 'c']), { file: 'tiny.safetensors' })

describe('the files of a TensorFlow.js model', () => {
  it.each([
    ['model.json', 'group1-shard1of1.bin'],
    ['cats.json', 'cats-group1-shard1of1.bin'],
    ['cats.v2.JSON', 'cats.v2-group1-shard1of1.bin'],
    ['50%: a#b?.json', '50_25_3a a_23b_3f-group1-shard1of1.bin'],
    ['.json', 'group1-shard1of1.bin'],
  ])('%s has the shard %s', async (name, shard) => {
    const files = networkFiles(network, join(folder, name), 'tfjs')
    expect(files.map(({ path }) => path)).toEqual([join(folder, name), join(folder, shard)])
    await writeFiles(files)
    expect((await readNetwork(join(folder, name))).classes.labels).toEqual(['a', 'b', 'c'])
  })

  it('of two models in one folder are not the same', async () => {
    const names = ['one.json', 'two.json'].flatMap((name) => networkFiles(network, name, 'tfjs').map(({ path }) => basename(path)))
    expect(new Set(names).size).toBe(4)
  })
})
