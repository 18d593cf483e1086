import { writeFile } from 'node:fs/promises'
import { messageOf } from './message.js'
import { parseSettings } from './options.js'
import { progressOn } from './progress.js'
import { renderHtml } from './report/html.js'
import { renderTables } from './report/table.js'
import { run } from './run.js'

/** What a shell expects of a program that Ctrl-C ended. */
const interruptedCode = 130

const settings = parseSettings(process.argv.slice(2))
const controller = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(name, () => controller.abort(new Error(`ended by ${name}`)))
const { progress, end } = progressOn(process.stderr)
try {
  const report = await run(settings, progress, controller.signal)
  end()
  console.log(renderTables(report))
  if (settings.json !== null) await writeFile(settings.json, `${JSON.stringify(report, null, 2)}\n`)
  if (settings.html !== null) await writeFile(settings.html, renderHtml(report))
} catch (error) {
  end()
  console.error(messageOf(error))
  process.exitCode = controller.signal.aborted ? interruptedCode : 1
}
