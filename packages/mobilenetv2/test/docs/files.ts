import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { defineMobileNetV2, type MobileNetV2Options } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { toSafetensors } from '@mobilenetv2/weights'
import { imagenetLabels } from '@mobilenetv2/zoo/labels'
import { zipSync } from 'fflate'
import sharp, { type Sharp } from 'sharp'
import { root } from './pages.js'

const goldens = join(root, 'packages/weights/test/goldens')

function golden(name: string): Uint8Array {
  const bytes = readFileSync(join(goldens, name))
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes
}

/** A narrow network with weights of a seed, in this project's format. */
function network(
  labels: readonly string[],
  options: MobileNetV2Options = { widthMultiplier: 0.1, height: 96, width: 96 },
): Uint8Array {
  const whole = { ...options, classes: labels.length }
  return toSafetensors({
    options: whole,
    parameters: seededParameters(defineMobileNetV2(whole)),
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
    classes: { labels, background: null, output: 'softmax' },
  })
}

/** Few layers, since quantising looks at each. */
const shallow: MobileNetV2Options = {
  table: [
    [1, 8, 1, 1],
    [6, 8, 1, 2],
  ],
  stemChannels: 8,
  headChannels: 16,
  height: 32,
  width: 32,
}

/** The drawings of this project as photos. */
function drawings(): readonly string[] {
  const folder = join(root, 'examples')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.svg'))
    .map((name) => join(folder, name))
}

const drawn = (file: string, turn = 0): Sharp => sharp(file).resize(160, 120, { fit: 'fill' }).flatten().rotate(turn)

const exported = {
  'model.safetensors': golden('huggingface-v1.safetensors.gz'),
  'config.json': golden('huggingface-v1.config.json'),
}

const zipped = {
  'model.json': golden('teachable-machine.model.json.gz'),
  'weights.bin': golden('teachable-machine.weights.bin.gz'),
  'metadata.json': golden('teachable-machine.metadata.json'),
}

/** The stand-in for ImageNet's network, if that is not at hand. */
export const standIn = 'stand-in.safetensors'

/**
 * Makes a folder with the files that the pages name: checkpoints, photos, and folders of photos by class.
 * @param classes what the folders of photos are called
 */
export async function makeFolder(classes: readonly [string, string]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-docs-'))
  const write = (path: string, bytes: Uint8Array | string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  write(standIn, network(await imagenetLabels()))
  write('mine.safetensors', network(classes))
  // A file's content tells what it is, whatever it is called.
  for (const name of ['float.safetensors', 'flowers.pth']) write(name, network(classes, shallow))
  write('mobilenet_v2.pth', golden('torchvision.pth.gz'))
  write('mobilenet_v2.tflite', golden('int8.tflite.gz'))
  for (const [name, bytes] of Object.entries(exported)) write(`exported/${name}`, bytes)
  write('names.txt', 'cat\ndog\nbird\nfish\n')
  write('converted_tfjs_model.zip', zipSync(zipped))
  const files = drawings()
  const picture = (index: number, turn?: number): Sharp => drawn(files[index % files.length]!, turn)
  for (const [index, label] of classes.entries()) {
    for (const place of [1, 2, 3])
      write(
        `photos/${label}/${place}.jpg`,
        await picture(2 * place + index)
          .jpeg()
          .toBuffer(),
      )
    write(
      `test/${label}/1.jpg`,
      await picture(2 + index, 90)
        .jpeg()
        .toBuffer(),
    )
  }
  write('cat.jpg', await picture(0).jpeg().toBuffer())
  write('photo.jpg', await picture(1).jpeg().toBuffer())
  write('photos/n01-1.JPEG', await picture(2).jpeg().toBuffer())
  write('logo.png', await sharp(files[0]).resize(64, 64).png().toBuffer())
  write('cat.gif', await picture(0).gif().toBuffer())
  const large = sharp({ create: { width: 4000, height: 3000, channels: 3, background: 'orange' } })
  write('12-megapixels.jpg', await large.jpeg().toBuffer())
  return folder
}
