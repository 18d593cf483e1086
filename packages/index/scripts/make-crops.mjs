// Makes many pictures of few photos, to measure an index with: OUT/NNN/NNNNNN-KIND.jpg, whose longer side has 256 pixels. Each random part
// of a photo is there four times: as it is, mirrored, cropped to 92 % of its sides, and both. A line of OUT/crops.csv names a picture, its
// photo, and the part of the photo. The same arguments give the same pictures. The photos are in the folder that MOBILENETV2_PHOTOS names.
//
//   node packages/index/scripts/make-crops.mjs OUT 100000
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

const [out, wanted] = process.argv.slice(2)
const { MOBILENETV2_PHOTOS: photos } = process.env
if (!out || !Number(wanted) || !photos) {
  console.error('Set MOBILENETV2_PHOTOS to the folder of the photos, and say where to make the pictures, and how many.')
  process.exit(1)
}

const kinds = ['whole', 'mirrored', 'cropped', 'cropped-mirrored']
const longest = 256
/** The share of each side that a cropped picture keeps. */
const kept = 0.92
/** The smallest share of the photo's sides that a part has. */
const smallest = 0.4
const picturesInFolder = 1000

/** Numbers from 0 to 1, always the same for a seed (mulberry32). */
function randomNumbers(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A part of a rectangle with `share` of its sides, at a random place. */
function partOf({ left, top, width, height }, share, random) {
  const part = { width: Math.round(width * share), height: Math.round(height * share) }
  const from = (room) => Math.floor(random() * (room + 1))
  return { left: left + from(width - part.width), top: top + from(height - part.height), ...part }
}

const lines = ['file,photo,left,top,width,height,mirrored']
const files = readdirSync(photos).filter((name) => /\.jpe?g$/i.test(name))
const parts = Math.ceil(Number(wanted) / kinds.length / files.length)
let made = 0
for (const [number, file] of files.entries()) {
  const random = randomNumbers(number + 1)
  const { data, info } = await sharp(join(photos, file))
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const raw = { width: info.width, height: info.height, channels: info.channels }
  for (let part = 0; part < parts; part++) {
    const whole = partOf({ left: 0, top: 0, ...raw }, smallest + (1 - smallest) * random(), random)
    for (const kind of kinds) {
      if (made === Number(wanted)) break
      const region = kind.startsWith('cropped') ? partOf(whole, kept, random) : whole
      const mirrored = kind.endsWith('mirrored')
      const { left, top, width, height } = region
      const name = `${String(Math.floor(made / picturesInFolder)).padStart(3, '0')}/${String(made).padStart(6, '0')}-${kind}.jpg`
      if (made % picturesInFolder === 0) mkdirSync(join(out, name, '..'), { recursive: true })
      let picture = sharp(data, { raw }).extract({ left, top, width, height })
      if (mirrored) picture = picture.flop()
      await picture.resize(longest, longest, { fit: 'inside' }).jpeg({ quality: 85 }).toFile(join(out, name))
      lines.push([name, number, left / info.width, top / info.height, width / info.width, height / info.height, mirrored].join(','))
      made += 1
    }
  }
}
writeFileSync(join(out, 'crops.csv'), `${lines.join('\n')}\n`)
console.log(`${made} pictures of ${files.length} photos`)
