import { load } from 'mobilenetv2'

const output = document.querySelector('output')
const loading = load()

async function classify(file) {
  const model = await loading
  const answers = await model.classify(file, { top: 3 })
  return answers.map(({ label, probability }) => `${label} ${(100 * probability).toFixed(1)} %`).join('\n')
}

document.querySelector('input').addEventListener('change', async ({ target }) => {
  output.textContent = await classify(target.files[0]).catch(({ message }) => message)
})
