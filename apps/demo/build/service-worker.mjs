import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'

/** Larger files are kept when they are first used, not before. */
const largestBytes = 1_000_000

const sizeOf = (file) => Buffer.byteLength(file.type === 'chunk' ? file.code : file.source)

/** Tells the service worker which files the site has, and gives it a version that changes with them. */
export function serviceWorker() {
  return {
    name: 'service-worker-files',
    enforce: 'post',
    generateBundle(_, bundle) {
      const worker = bundle['service-worker.js']
      const files = Object.values(bundle).filter((file) => file !== worker && !file.fileName.endsWith('.map'))
      // Pages and pictures for links are for the services that show links, not for the visitor.
      const shown = files.filter(({ fileName }) => !/^share\/|^(inside|why|teach|race)\.html$/.test(fileName))
      const kept = shown.filter((file) => sizeOf(file) <= largestBytes).map(({ fileName }) => fileName)
      const names = ['./', ...kept, ...readdirSync(new URL('../public', import.meta.url))]
      const version = createHash('sha256')
        .update(files.map((file) => file.fileName + (file.type === 'chunk' ? file.code : file.source)).join())
        .digest('hex')
        .slice(0, 12)
      worker.code = worker.code
        .replace(/__FILES__/, () => JSON.stringify(names))
        .replace(/__VERSION__/, () => JSON.stringify(version))
    },
  }
}
