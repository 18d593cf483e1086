import { writeFile } from 'node:fs/promises'
import { messageOf } from './message.js'
import { parseSettings } from './options.js'
import { runPipeline } from './pipeline/pipeline.js'
import { renderPipeline } from './pipeline/table.js'
import { progressOn } from './progress.js'
import { renderHtml } from './report/html.js'
import { renderTables } from './report/table.js'
import { run } from './run.js'

/** The exit code that shells use for a program that Ctrl-C ended: 128 + SIGINT. */
const interruptedCode = 130

const settings = parseSettings(process.argv.slice(2))
const controller = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(name, () => controller.abort(new Error(`ended by ${name}`)))
const { progress, end } = progressOn(process.stderr)
try {
  const { photos, model, json, html } = settings
  if (photos === null) {
    const report = await run(settings, progress, controller.signal)
    end()
    console.log(renderTables(report))
    if (json !== null) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`)
    if (html !== null) await writeFile(html, renderHtml(report))
  } else {
    const report = await runPipeline({ photos, model }, progress, controller.signal)
    end()
    console.log(renderPipeline(report))
    if (json !== null) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`)
  }
} catch (error) {
  end()
  console.error(messageOf(error))
  process.exitCode = controller.signal.aborted ? interruptedCode : 1
}
