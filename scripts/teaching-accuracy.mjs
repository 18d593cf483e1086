// Measures how well and how fast `trainHead` of @mobilenetv2/teach learns from few photos, and prints the tables of
// docs/teaching-accuracy.md. scikit-learn's LogisticRegression and a dense layer in Keras are measured too, on the same features
// and the same splits, if MOBILENETV2_PYTHON names a Python that has these packages. MOBILENETV2_PHOTOS and MOBILENETV2_MODELS name
// the folders of photos and models. Takes some minutes.
//
//   node scripts/teaching-accuracy.mjs [model file]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kinds } from './photo-groups.mjs'

const { MOBILENETV2_MODELS: models, MOBILENETV2_PHOTOS: photos, MOBILENETV2_PYTHON: python } = process.env
if (!models || !photos) {
  console.error('Set MOBILENETV2_MODELS and MOBILENETV2_PHOTOS to the folders of the models and the photos.')
  process.exit(1)
}
const open = (path) => import(new URL(`../packages/${path}`, import.meta.url).href)
const [{ trainHead }, { shuffled }, { load }, { classifierOf }] = await Promise.all([
  open('teach/dist/index.js'),
  open('teach/dist/shuffled.js'),
  open('mobilenetv2/dist/index.js'),
  open('weights/dist/index.js'),
])
const modelFile = process.argv[2] ?? 'mobilenet_v2_1.0_224_quant.tflite'
const splitCount = 20

const animals = ['birds', 'cold-blooded animals', 'dogs', 'other mammals'].flatMap((kind) => kinds[kind])
const labelled = readFileSync(join(photos, 'labels.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','))
const indices = labelled.map(([, index]) => Number(index))
const things = indices.filter((index) => !animals.includes(index))

/** Groups of photos, and how many photos of each group a head learns from. */
const tasks = [
  {
    title: '4 classes: birds, dogs, vehicles, food',
    groups: [kinds.birds, kinds.dogs, kinds.vehicles, kinds.food],
    perClass: [1, 3],
  },
  {
    title: '5 classes: dogs, warm-blooded and cold-blooded animals, vehicles, household things',
    groups: [
      kinds.dogs,
      [...kinds.birds, ...kinds['other mammals']],
      kinds['cold-blooded animals'],
      kinds.vehicles,
      kinds['household things'],
    ],
    perClass: [1, 3, 10],
  },
  {
    title: '6 classes: birds, cold-blooded animals, dogs, other mammals, vehicles, food',
    groups: [kinds.birds, kinds['cold-blooded animals'], kinds.dogs, kinds['other mammals'], kinds.vehicles, kinds.food],
    perClass: [1, 3],
  },
  { title: '2 classes: animals, things', groups: [animals, things], perClass: [30] },
]

/** Groups of photos, one of which has few photos to learn from. */
const unequal = [
  { title: 'all but dogs, dogs', groups: [indices.filter((index) => !kinds.dogs.includes(index)), kinds.dogs], sizes: [59, 3] },
  { title: 'animals, vehicles', groups: [animals, kinds.vehicles], sizes: [37, 3] },
  { title: 'things, animals', groups: [things, animals], sizes: [55, 3] },
]

/** The features of the pictures with these indices. */
function rowsOf(all, length, pictures) {
  const rows = new Float32Array(pictures.length * length)
  for (const [row, picture] of pictures.entries()) rows.set(all.subarray(picture * length, (picture + 1) * length), row * length)
  return rows
}

/** One split of a task: for each group, some photos to learn from, and all others for the test. */
function splitOf(groups, sizes, seed) {
  const mixed = groups.map((group, label) =>
    shuffled(
      group.map((index) => indices.indexOf(index)),
      seed,
      label,
    ),
  )
  const parts = (from) => mixed.flatMap((pictures, label) => from(pictures, sizes[label]).map((picture) => ({ picture, label })))
  return { training: parts((pictures, size) => pictures.slice(0, size)), test: parts((pictures, size) => pictures.slice(size)) }
}

/** The share of pictures that a head classifies correctly: of each class, and of all. */
function scoresOf({ kernel, bias }, features, length, test, classes) {
  const right = new Array(classes).fill(0)
  const all = new Array(classes).fill(0)
  for (const { picture, label } of test) {
    const logits = bias.map((start, own) => {
      let sum = start
      for (let at = 0; at < length; at++) sum += features[picture * length + at] * kernel[at * classes + own]
      return sum
    })
    all[label]++
    if (logits.indexOf(Math.max(...logits)) === label) right[label]++
  }
  const sum = (values) => values.reduce((total, value) => total + value, 0)
  return { accuracy: sum(right) / sum(all), balanced: sum(right.map((count, label) => count / all[label])) / classes }
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
const percent = (value) => (100 * value).toFixed(1)

async function embedAll() {
  const model = await load(join(models, modelFile))
  const rows = []
  for (const [file] of labelled) rows.push(await model.embed(new Uint8Array(readFileSync(join(photos, file)))))
  const { kernel } = classifierOf(model.network)
  model.dispose()
  const length = rows[0].length
  const features = new Float32Array(rows.length * length)
  for (const [row, values] of rows.entries()) features.set(values, row * length)
  return { features, length, classifier: { kernel } }
}

/** The scores of the other programs on the same splits, with their names and versions. Only programs that this Python has are run. */
function askPython(features, length, runs) {
  if (!python) return []
  const folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-teaching-'))
  try {
    writeFileSync(join(folder, 'features.f32'), features)
    writeFileSync(join(folder, 'runs.json'), JSON.stringify({ length, runs }))
    return Object.entries({ 'scikit-learn': 'scikit_learn.py', Keras: 'keras_dense.py' }).flatMap(([name, file]) => {
      const script = fileURLToPath(new URL(`teaching-accuracy/${file}`, import.meta.url))
      const { status, stdout, stderr, error } = spawnSync(python, [script, folder], { encoding: 'utf8', maxBuffer: 2 ** 28 })
      if (error !== undefined || status !== 0) throw new Error(`${file} ended with ${error ?? status}:\n${stderr}`)
      const found = JSON.parse(stdout)
      return found === null ? [] : [{ name, ...found }]
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const { features, length, classifier } = await embedAll()
const runs = []
for (const { title, groups, perClass } of tasks) {
  for (const count of perClass) {
    const sizes = groups.map(() => count)
    const splits = Array.from({ length: splitCount }, (_, seed) => splitOf(groups, sizes, seed))
    runs.push({ title, name: `${count}`, classes: groups.length, balanced: false, splits })
  }
}
for (const { title, groups, sizes } of unequal) {
  const splits = Array.from({ length: splitCount }, (_, seed) => splitOf(groups, sizes, seed))
  runs.push({ title, name: sizes.join(' : '), classes: groups.length, balanced: true, splits })
}
const others = askPython(features, length, runs)

const scores = []
for (const { classes, balanced, splits } of runs) {
  const own = []
  for (const { training, test } of splits) {
    const pictures = training.map(({ picture }) => picture)
    const head = await trainHead(
      {
        classNames: Array.from({ length: classes }, (_, label) => `class ${label}`),
        labels: training.map(({ label }) => label),
        length,
        features: rowsOf(features, length, pictures),
      },
      { classifier, ...(balanced && { classWeights: 'balanced' }) },
    )
    own.push({ ...scoresOf(head, features, length, test, classes), validation: head.validation?.accuracy })
  }
  scores.push(own)
}

const versions = others.map(({ name, version }) => `, ${name} ${version}`).join('')
console.log(`Features of ${modelFile}, ${splitCount} splits${versions}\n`)
const names = others.map(({ name }) => name)
const row = (cells) => console.log(`| ${cells.join(' | ')} |`)
/** The means of one score: first that of this project, then those of the others. */
const meansOf = (index, key) =>
  [scores, ...others.map((other) => other.scores)].map((all) => mean(all[index].map((score) => score[key])))

row(['photos', 'examples a class', 'trainHead', ...names, 'its own validation'])
row(['---', ...names.concat('', '', '').map(() => '---:')])
for (const [index, { title, name, balanced }] of runs.entries()) {
  if (balanced) continue
  const validations = scores[index].map(({ validation }) => validation).filter((value) => value !== undefined)
  const own = validations.length === 0 ? 'none' : percent(mean(validations))
  row([title, name, ...meansOf(index, 'accuracy').map(percent), own])
}
console.log()
row(['photos', 'examples', ...['trainHead', ...names].map((name) => `${name}, balanced`)])
row(['---', ...names.concat('', '').map(() => '---:')])
for (const [index, { title, name, balanced }] of runs.entries()) {
  if (balanced) row([title, name, ...meansOf(index, 'balanced').map(percent)])
}

/** Numbers from 0 to 1, the same in each run. */
function createRandom() {
  let state = 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/**
 * Features as a pool after ReLU6 gives them, of classes that overlap: many zeros, patterns that all classes share, and a tenth that depends
 * on the class.
 */
function syntheticExamples(count, classes, width, signal) {
  const random = createRandom()
  const sparse = (size) => Float64Array.from({ length: width }, () => (random() < 0.1 ? size * random() : 0))
  const centres = Array.from({ length: classes }, () => sparse(2 * signal))
  const patterns = Array.from({ length: 40 }, () => sparse(1))
  const labels = Array.from({ length: count }, (_, picture) => picture % classes)
  const values = new Float32Array(count * width)
  for (const [picture, label] of labels.entries()) {
    const [one, other] = [0, 1].map(() => patterns[Math.floor(40 * random())])
    const [much, more] = [2 * random(), 2 * random()]
    for (let at = 0; at < width; at++) {
      const value = centres[label][at] * random() + much * one[at] + more * other[at] + 1.2 * random() - 0.8
      values[picture * width + at] = Math.max(0, value)
    }
  }
  return { classNames: centres.map((_, label) => `class ${label}`), labels, length: width, features: values }
}

console.log(
  '\n| synthetic examples of 6 classes, 1280 features | ms | ms of processor | longest turn of the event loop, ms | validation |',
)
console.log('| --- | ---: | ---: | ---: | ---: |')
for (const [count, signal, repeats] of [
  [150, 0.5, 15],
  [20_000, 0.5, 3],
  [20_000, 0.15, 3],
]) {
  const examples = syntheticExamples(count, 6, 1280, signal)
  const times = []
  const processor = []
  const turns = []
  let accuracy
  for (let repeat = 0; repeat < repeats; repeat++) {
    const [start, used] = [performance.now(), process.cpuUsage()]
    let [last, longest] = [start, 0]
    const watch = setInterval(() => {
      const now = performance.now()
      longest = Math.max(longest, now - last)
      last = now
    }, 0)
    accuracy = (await trainHead(examples, { classifier })).validation.accuracy
    clearInterval(watch)
    times.push(performance.now() - start)
    processor.push(process.cpuUsage(used).user / 1000)
    turns.push(longest)
  }
  const shown = [times, processor, turns].map((values) =>
    values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)].toFixed(0),
  )
  const kind = signal < 0.3 ? 'classes that overlap' : 'classes apart'
  console.log(`| ${count}, ${kind} | ${shown.join(' | ')} | ${percent(accuracy)} |`)
}
