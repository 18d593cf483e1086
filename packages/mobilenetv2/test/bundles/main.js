import { load } from 'mobilenetv2'

const model = await load('/model', { backend: 'wasm' })
const [best] = await model.classify('/picture')
const answer = document.createElement('output')
answer.textContent = JSON.stringify({ ...best, backend: model.backend })
document.body.append(answer)
