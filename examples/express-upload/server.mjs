import express from 'express'
import { load, MobileNetV2Error } from 'mobilenetv2'

const model = await load()
const app = express()

app.use(express.static('public'))

app.post('/classify', express.raw({ type: 'image/*', limit: '20mb' }), async (request, response) => {
  response.json(await model.classify(request.body, { top: 3 }))
})

app.use((error, _request, response, next) => {
  if (!(error instanceof MobileNetV2Error && error.code === 'IMAGE')) return next(error)
  response.status(415).json({ error: error.message })
})

const port = process.env.PORT ?? 3000
app.listen(port, () => console.log(`http://localhost:${port}`))
