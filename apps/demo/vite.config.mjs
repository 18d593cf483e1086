import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { serviceWorker } from './build/service-worker.mjs'
import { sharePages } from './build/share-pages.mjs'
import { siteModel } from './build/site-model.mjs'

const { repository } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

// Threads share memory only on a page that is cross-origin isolated.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

export default defineConfig({
  // Works in any folder of any host.
  base: './',
  define: {
    __REPOSITORY__: JSON.stringify(repository.url.replace(/^git\+|\.git$/g, '')),
    __PEER_BYTES__: statSync(fileURLToPath(import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'))).size,
  },
  plugins: [siteModel(), sharePages(), serviceWorker()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
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
