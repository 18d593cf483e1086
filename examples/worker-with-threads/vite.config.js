// Threads share memory, which a browser allows if the page comes with these two headers.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

export default {
  server: { headers },
  preview: { headers },
  worker: { format: 'es' },
}
