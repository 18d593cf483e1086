// Runs a network in workerd, the runtime of Cloudflare Workers, which compiles no generated WebAssembly. The network's modules are those
// that `mobilenetv2 emit` wrote. workerd takes 120 MB, so it is installed into a cache beside the workspace.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toSafetensors } from '@mobilenetv2/weights'
import { build } from 'esbuild'
import sharp from 'sharp'
import { installBeside } from '../../../scripts/install-beside.mjs'
import { run } from '../../../scripts/run.mjs'
import { load, readNetwork } from '../dist/index.js'

/** The picture: waves of colour. */
const [width, height] = [400, 300]
const waves = Uint8Array.from({ length: width * height * 3 }, (_, index) => 128 + 100 * Math.sin(index / (40 + (index % 3) * 7)))

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url))

const modules = installBeside(['workerd@1.20261117.1', 'jpeg-js@0.4.4'])
const folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-workerd-'))
try {
  const photo = join(folder, 'photo.jpg')
  await sharp(waves, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 95 })
    .toFile(photo)
  // This recipe resizes, as those of most networks do.
  const network = await readNetwork('nsfw-1.0-224')
  const model = join(folder, 'source.safetensors')
  writeFileSync(model, toSafetensors({ ...network, preprocessing: { ...network.preprocessing, interpolation: 'bilinear' } }))
  run(process.execPath, [pathOf('../dist/cli.js'), 'emit', model, '--out', folder, '--relaxed'])
  const elsewhere = await load(model, { backend: 'wasm' })
  const [best] = await elsewhere.classify(photo)
  elsewhere.dispose()
  writeFileSync(join(folder, 'expected.json'), JSON.stringify(best))
  await build({
    entryPoints: [pathOf('workerd/worker.mjs')],
    outfile: join(folder, 'worker.js'),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    nodePaths: [modules],
    external: ['*.wasm', '*.safetensors', '*.jpg', '*.json'],
    logLevel: 'warning',
  })
  copyFileSync(pathOf('workerd/config.capnp'), join(folder, 'config.capnp'))
  run(process.execPath, [join(modules, 'workerd/bin/workerd'), 'test', join(folder, 'config.capnp')])
} finally {
  rmSync(folder, { recursive: true })
}
