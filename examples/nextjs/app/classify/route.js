import { load, MobileNetV2Error } from 'mobilenetv2'

let loading

export async function POST(request) {
  loading ??= load()
  const model = await loading
  try {
    return Response.json(await model.classify(await request.blob(), { top: 3 }))
  } catch (error) {
    if (!(error instanceof MobileNetV2Error && error.code === 'IMAGE')) throw error
    return Response.json({ error: error.message }, { status: 415 })
  }
}
