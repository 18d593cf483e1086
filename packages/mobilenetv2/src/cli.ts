import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { Command } from 'commander'
import { addBench } from './cli/bench.js'
import { addClassify } from './cli/classify.js'
import { addConvert } from './cli/convert.js'
import { addDoctor } from './cli/doctor.js'
import { addDuplicates } from './cli/duplicates.js'
import { addEmbed } from './cli/embed.js'
import { addEmit } from './cli/emit.js'
import { addEvaluate } from './cli/evaluate.js'
import { addExplain } from './cli/explain.js'
import { addIndex } from './cli/index-pictures.js'
import { addInspect } from './cli/inspect.js'
import { addDownload, addModels } from './cli/models.js'
import { report, watchOutput } from './cli/output.js'
import { printable } from './cli/printable.js'
import { addQuantize } from './cli/quantize.js'
import { addSimilar } from './cli/similar.js'
import { addSort } from './cli/sort.js'
import { addSubmit } from './cli/submit.js'
import { addSummary } from './cli/summary.js'
import { addTeach } from './cli/teach.js'
import { addWork } from './cli/work.js'

watchOutput()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(128 + constants.signals[signal]))
process.on('uncaughtException', (error) => {
  report(error)
  process.exit()
})

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }

const program = new Command('mobilenetv2')
  .version(version, '--version')
  .description(
    'Classifies, embeds and explains pictures with any MobileNetV2 checkpoint, and teaches, measures and converts the model.',
  )
  // Commander's messages quote arguments, which may hold control characters.
  .configureOutput({ outputError: (text, write) => write(`${printable(text.trimEnd().replace('\n(Did', ' (Did'))}\n`) })
addClassify(program)
addEmbed(program)
addSimilar(program)
addIndex(program)
addDuplicates(program)
addSort(program)
addTeach(program)
addEvaluate(program)
addExplain(program)
addModels(program)
addDownload(program)
addSummary(program)
addBench(program)
addDoctor(program)
addInspect(program)
addConvert(program)
addQuantize(program)
addEmit(program)
addSubmit(program)
addWork(program)

try {
  await program.parseAsync()
} catch (error) {
  report(error)
}
