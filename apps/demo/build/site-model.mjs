import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** The model that the site begins with. */
const first = 'imagenet-1.0-224'

/** An entry of the zoo as the page's list of models has it. */
async function listed(entry, file) {
  const { zooTitle } = await import('@mobilenetv2/zoo')
  return { id: entry.id, title: zooTitle(entry), file, labels: entry.labels }
}

/** The names of MobileNetV1's files, which the zoo does not have: V2 is compared with V1. */
const firstVersion = /^mobilenet_v1_(?<width>[\d.]+)_(?<size>\d+)_quant\.tflite$/

/** The files of MobileNetV1 in a folder. */
function firstVersionsOf(folder) {
  return readdirSync(folder).flatMap((file) => {
    const { width, size } = firstVersion.exec(file)?.groups ?? {}
    if (width === undefined) return []
    const title = `MobileNetV1 ${width}, ${size} x ${size}`
    return [{ id: `v1-${width}-${size}`, title, file, labels: 'imagenet', path: join(folder, file) }]
  })
}

/** The models of the zoo and of MobileNetV1 whose files are in the folder that `MOBILENETV2_MODELS` names. */
async function modelsOfFolder(folder) {
  const { zooEntries } = await import('@mobilenetv2/zoo')
  const there = zooEntries.filter(({ location }) => location.kind === 'file' && existsSync(join(folder, location.name)))
  const listedOnes = there.map(async (entry) => ({
    ...(await listed(entry, entry.location.name)),
    path: join(folder, entry.location.name),
  }))
  return [...(await Promise.all(listedOnes)), ...firstVersionsOf(folder)]
}

/**
 * The site carries the ImageNet model, if the folder of models or the cache has it when the site is built. While it is developed and
 * tested, it also has the other models of the folder.
 */
export function siteModel() {
  const folder = process.env.MOBILENETV2_MODELS
  const use = ({ middlewares }) => {
    middlewares.use(async (request, response, next) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      if (!folder || !/^\/models(\.json$|\/[\w.-]+$)/.test(pathname)) return next()
      const models = await modelsOfFolder(folder)
      if (pathname === '/models.json') {
        response.setHeader('Content-Type', 'application/json')
        return response.end(JSON.stringify(models.map(({ path: _, ...model }) => model)))
      }
      const model = models.find(({ file }) => pathname === `/models/${file}`)
      if (model === undefined) return next()
      response.setHeader('Content-Type', 'application/octet-stream')
      const bytes = await readFile(model.path)
      response.setHeader('Content-Length', bytes.length)
      return response.end(bytes)
    })
  }
  return {
    name: 'site-model',
    configureServer: use,
    configurePreviewServer: use,
    async generateBundle() {
      const { locateModelFile, zooEntry } = await import('@mobilenetv2/zoo')
      const path = await locateModelFile(first)
      const models = []
      if (path !== null) {
        const file = basename(path)
        models.push(await listed(zooEntry(first), file))
        this.emitFile({ type: 'asset', fileName: `models/${file}`, source: readFileSync(path) })
      }
      this.emitFile({ type: 'asset', fileName: 'models.json', source: JSON.stringify(models) })
    },
  }
}
