const output = document.querySelector('output')
const { serviceWorker } = navigator
const controlled = serviceWorker.controller ?? new Promise((resolve) => serviceWorker.addEventListener('controllerchange', resolve))
await serviceWorker.register('service-worker.js', { type: 'module' })

document.querySelector('input').addEventListener('change', async ({ target }) => {
  await controlled
  const response = await fetch('classify', { method: 'POST', body: target.files[0] })
  const answers = await response.json()
  output.textContent = response.ok
    ? answers.map(({ label, probability }) => `${label} ${(100 * probability).toFixed(1)} %`).join('\n')
    : answers.error
})
