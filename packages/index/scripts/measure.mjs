// Measures an index of the pictures that make-crops.mjs makes: size on disk, time of a query, recall of the approximate index, precision and
// recall of near-duplicates. It copies every hundredth and every tenth part of a photo into two more indexes
// beside the given one, and measures near-duplicates there. LanceDB is found through NODE_PATH.
//
//   node packages/index/scripts/measure.mjs photos.lance crops.csv model.safetensors
//   node packages/index/scripts/measure.mjs photos.lance crops.csv model.safetensors 1    # the whole index only, with near-duplicates
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readNetwork } from '@mobilenetv2/weights'
import { createIndex, openIndex } from '../dist/index.js'

const [place, table, model, only] = process.argv.slice(2)
if (!model) {
  console.error('Give the index, crops.csv and the model.')
  process.exit(1)
}

/** Pictures that show the same part of a photo, in crops.csv one after the other. */
const kindsOfPart = 4
const queries = 100
const count = 10

const crops = new Map(
  readFileSync(table, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line, number) => {
      const [file, photo, left, top, width, height] = line.split(',')
      return [
        file,
        {
          number,
          photo,
          kind: basename(file, '.jpg').slice(7),
          left: +left,
          top: +top,
          right: +left + +width,
          bottom: +top + +height,
        },
      ]
    }),
)
const fileOf = (path) => join(basename(dirname(path)), basename(path))
const cropOf = (path) => crops.get(fileOf(path))
const partOf = ({ number }) => Math.floor(number / kindsOfPart)

/** Intersection over union of the parts of a photo that two pictures show; 0 if the photos differ. */
function overlap(one, other) {
  if (one.photo !== other.photo) return 0
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left)
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
  if (width <= 0 || height <= 0) return 0
  const area = ({ left, top, right, bottom }) => (right - left) * (bottom - top)
  return (width * height) / (area(one) + area(other) - width * height)
}

const bytesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0)

const timed = async (work) => {
  const start = performance.now()
  const result = await work()
  return { result, milliseconds: performance.now() - start }
}

const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]

async function copyOf(index, paths, to, network) {
  rmSync(to, { recursive: true, force: true })
  const copy = await createIndex(to, network)
  for (let from = 0; from < paths.length; from += 1000) await copy.merge(await index.rows(paths.slice(from, from + 1000)))
  const { milliseconds } = await timed(() => copy.tidy())
  return { copy, milliseconds }
}

async function measureQueries(index, paths) {
  const step = Math.floor(paths.length / queries)
  const rows = await index.rows(paths.filter((_, place) => place % step === 0).slice(0, queries))
  const times = { approximate: [], exact: [] }
  let found = 0
  for (const { embedding } of rows) {
    const { result: near, milliseconds: approximate } = await timed(() => index.nearest(embedding, { count }))
    const { result: truth, milliseconds: exact } = await timed(() => index.nearest(embedding, { count, exact: true }))
    times.approximate.push(approximate)
    times.exact.push(exact)
    // A picture as similar as the last of the exact search counts as found.
    const least = truth.at(-1).similarity - 1e-6
    found += near.filter(({ similarity }) => similarity >= least).length
  }
  return {
    'ms a query': median(times.approximate).toFixed(1),
    'ms a query, exact': median(times.exact).toFixed(1),
    'recall at 10': (found / rows.length / count).toFixed(4),
  }
}

async function measureDuplicates(index, paths) {
  const { result: groups, milliseconds } = await timed(() => index.duplicates({ similarity: 0.85 }))
  const pairs = groups.flatMap(({ pairs }) => pairs)
  const here = new Set(paths.map((path) => cropOf(path).number))
  const parts = [...new Set(paths.map((path) => partOf(cropOf(path))))].filter((part) =>
    Array.from({ length: kindsOfPart }, (_, kind) => kindsOfPart * part + kind).every((number) => here.has(number)),
  )
  const keyOf = ({ paths: both }) =>
    both
      .map((path) => cropOf(path).kind)
      .sort()
      .join(' and ')
  for (const least of [0.85, 0.88, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98]) {
    const found = pairs.filter(({ similarity }) => similarity >= least)
    const overlaps = found.map(({ paths: [one, other] }) => overlap(cropOf(one), cropOf(other)))
    const [right, wrong] = [overlaps.filter((share) => share >= 0.7).length, overlaps.filter((share) => share < 0.5).length]
    const otherPhoto = overlaps.filter((share) => share === 0).length
    const known = new Map()
    for (const pair of found) {
      const [one, other] = pair.paths.map(cropOf)
      if (partOf(one) === partOf(other)) known.set(keyOf(pair), (known.get(keyOf(pair)) ?? 0) + 1)
    }
    const recalls = [...known].sort().map(([kinds, number]) => `${kinds} ${(number / parts.length).toFixed(3)}`)
    console.log(
      `  similarity ${least}: ${found.length} pairs, precision ${(right / (right + wrong)).toFixed(4)} (${otherPhoto} without overlap); recall of ${recalls.join(', ')}`,
    )
  }
  console.log(`  ${(milliseconds / 1000).toFixed(0)} s for ${paths.length} pictures`)
}

const network = await readNetwork(readFileSync(model))
const whole = await openIndex(place, network)
const { milliseconds: tidying } = await timed(() => whole.tidy())
const all = [...(await whole.files()).keys()].filter((path) => cropOf(path) !== undefined).sort()
for (const share of only === undefined ? [100, 10, 1] : [Number(only)]) {
  const paths = all.filter((path) => partOf(cropOf(path)) % share === 0)
  const to = share === 1 ? place : place.replace(/\.lance$/, `-${share}.lance`)
  const { copy: index, milliseconds } =
    share === 1 ? { copy: whole, milliseconds: tidying } : await copyOf(whole, paths, to, network)
  const bytes = bytesIn(to)
  console.log(
    `${paths.length} pictures: ${(bytes / 1e6).toFixed(1)} MB, ${(bytes / paths.length).toFixed(0)} bytes each; tidied in ${(milliseconds / 1000).toFixed(1)} s`,
  )
  console.log(' ', await measureQueries(index, paths))
  console.log(`  memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`)
  if (share > 1 || only !== undefined) await measureDuplicates(index, paths)
}
