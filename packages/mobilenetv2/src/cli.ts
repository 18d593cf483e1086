import { readFileSync } from 'node:fs'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { Command } from 'commander'
import { addBench } from './cli/bench.js'
import { addClassify } from './cli/classify.js'
import { addConvert } from './cli/convert.js'
import { addDoctor } from './cli/doctor.js'
import { addEmbed } from './cli/embed.js'
import { addExplain } from './cli/explain.js'
import { addInspect } from './cli/inspect.js'
import { addDownload, addModels } from './cli/models.js'
import { addSimilar } from './cli/similar.js'
import { addSummary } from './cli/summary.js'

// A reader that closes the pipe early, such as `head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }

const program = new Command('mobilenetv2')
  .version(version, '--version')
  .description('Answers questions about pictures with any MobileNetV2 checkpoint.')
addClassify(program)
addEmbed(program)
addSimilar(program)
addExplain(program)
addModels(program)
addDownload(program)
addSummary(program)
addBench(program)
addDoctor(program)
addInspect(program)
addConvert(program)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof MobileNetV2Error)) throw error
  console.error(error.message)
  process.exitCode = 1
}
