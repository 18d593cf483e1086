import { load } from 'mobilenetv2'

const loading = load('imagenet-1.0-224', { backend: 'wasm', threads: Math.min(4, navigator.hardwareConcurrency) })

self.addEventListener('message', async ({ data: file }) => {
  try {
    const model = await loading
    self.postMessage({ answers: await model.classify(file, { top: 3 }), device: model.device })
  } catch (error) {
    self.postMessage({ error: error.message })
  }
})
