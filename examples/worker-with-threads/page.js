const output = document.querySelector('output')
const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' })

worker.addEventListener('message', ({ data: { answers, device, error } }) => {
  output.textContent =
    error ?? [...answers.map(({ label, probability }) => `${label} ${(100 * probability).toFixed(1)} %`), device].join('\n')
})

document.querySelector('input').addEventListener('change', ({ target }) => worker.postMessage(target.files[0]))
