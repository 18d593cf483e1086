// Makes folders of labelled photos from the test photos, for `mobilenetv2 teach` and `mobilenetv2 evaluate`: OUT/photos and OUT/test, each
// with a folder for each kind. Every third photo of a kind goes into OUT/test. The photos are in the folder that MOBILENETV2_PHOTOS names.
//
//   node scripts/photo-folders.mjs OUT
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { kinds } from './photo-groups.mjs'

const [out] = process.argv.slice(2)
const { MOBILENETV2_PHOTOS: photos } = process.env
if (!out || !photos) {
  console.error('Set MOBILENETV2_PHOTOS to the folder of the photos, and say where to make the folders.')
  process.exit(1)
}
const names = new Map(
  readFileSync(join(photos, 'labels.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([name, index]) => [Number(index), name]),
)
for (const [kind, indices] of Object.entries(kinds)) {
  for (const [place, index] of indices.entries()) {
    const folder = join(out, place % 3 === 2 ? 'test' : 'photos', kind)
    mkdirSync(folder, { recursive: true })
    copyFileSync(join(photos, names.get(index)), join(folder, names.get(index)))
  }
}
