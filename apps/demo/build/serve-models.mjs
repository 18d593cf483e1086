import { createReadStream, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The files of the folder that `MOBILENETV2_MODELS` names which the zoo knows, as the page's list of models has them. */
async function listModels(folder) {
  if (!folder) return []
  const { zooEntries, zooTitle } = await import('@mobilenetv2/zoo')
  return zooEntries
    .filter(({ location }) => location.kind === 'file' && existsSync(join(folder, location.name)))
    .map((entry) => ({ id: entry.id, title: zooTitle(entry), file: entry.location.name, labels: entry.labels }))
}

/** Serves `models.json` and `models/` out of `MOBILENETV2_MODELS`, for development and tests; a built site has the empty list of `public`. */
export function serveModels() {
  const folder = process.env.MOBILENETV2_MODELS
  const use = ({ middlewares }) => {
    middlewares.use(async (request, response, next) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      if (!folder || !/^\/models(\.json$|\/[\w.-]+$)/.test(pathname)) return next()
      const models = await listModels(folder)
      if (pathname === '/models.json') {
        response.setHeader('Content-Type', 'application/json')
        return response.end(JSON.stringify(models))
      }
      const model = models.find(({ file }) => pathname === `/models/${file}`)
      if (model === undefined) return next()
      const path = join(folder, model.file)
      response.setHeader('Content-Type', 'application/octet-stream')
      response.setHeader('Content-Length', statSync(path).size)
      return createReadStream(path).pipe(response)
    })
  }
  return { name: 'serve-models', configureServer: use, configurePreviewServer: use }
}
