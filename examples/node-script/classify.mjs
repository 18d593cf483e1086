import { load } from 'mobilenetv2'

const model = await load()
for await (const outcome of model.classifyBatch(process.argv.slice(2), { top: 3 })) {
  if ('error' in outcome) {
    console.error(`${outcome.picture}: ${outcome.error.message}`)
    process.exitCode = 1
    continue
  }
  const answers = outcome.answers.map(({ label, probability }) => `${label} ${(100 * probability).toFixed(1)} %`)
  console.log(`${outcome.picture}: ${answers.join(', ')}`)
}
model.dispose()
