import express from 'express'
import { load } from 'mobilenetv2'

const model = await load(process.argv[2])
const app = express()
app.post('/classify', express.raw({ type: 'image/jpeg', limit: '10mb' }), async (request, response) => {
  response.json(await model.classify(request.body))
})
app.get('/health', (_, response) => response.send('well'))
const server = app.listen(0, () => process.send(server.address().port))
