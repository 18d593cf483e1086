import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { readAblation } from './build/ablation.mjs'
import { serviceWorker } from './build/service-worker.mjs'
import { sharePages } from './build/share-pages.mjs'
import { siteModel } from './build/site-model.mjs'

const { repository } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

// Threads share memory only on a page that is cross-origin isolated.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

/** The definition, and what all readers of graphs share. */
const everyModel = /packages\/(spec|weights\/dist\/graph)/

/**
 * The first load needs the reader of zips. The writer is needed only when a file is saved; in one module with the reader it would
 * be in the first load too.
 */
function ownCopyForZipWriters() {
  return {
    name: 'own-copy-for-zip-writers',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (source !== 'fflate' || !/parts\/teach|out\/tflite/.test(importer ?? '')) return null
      const found = await this.resolve(source, importer, { skipSelf: true })
      return found && { ...found, id: `${found.id}?writer` }
    },
  }
}

export default defineConfig({
  // Works in any folder of any host.
  base: './',
  define: {
    __ABLATION__: JSON.stringify(readAblation()),
    __REPOSITORY__: JSON.stringify(repository.url.replace(/^git\+|\.git$/g, '')),
    __PEER_BYTES__: statSync(fileURLToPath(import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'))).size,
  },
  plugins: [siteModel(), sharePages(), serviceWorker()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: {
    format: 'es',
    plugins: () => [ownCopyForZipWriters()],
    // Almost every model needs these modules: one file is smaller than thirty, each of which is compressed by itself.
    rollupOptions: { output: { codeSplitting: { groups: [{ name: 'every-model', test: everyModel }] } } },
  },
  server: { headers },
  preview: { headers },
  build: {
    outDir: 'dist/site',
    target: 'es2022',
    // The example pictures stay files: the first script is smaller by 4 kB without them.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { index: 'index.html', 'service-worker': 'src/service-worker.ts' },
      output: { entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js') },
    },
    // The weights that npm's nsfwjs carries as JavaScript.
    chunkSizeWarningLimit: 6000,
  },
})
