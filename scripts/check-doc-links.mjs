// Every link in a Markdown file to a file of this repository leads to one that is there.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const folders = ['.', 'docs', 'apps/bench', 'apps/demo', 'examples']
const files = folders.flatMap((folder) => readdirSync(folder).flatMap((name) => (name.endsWith('.md') ? [join(folder, name)] : [])))
const broken = files.flatMap((file) =>
  Array.from(readFileSync(file, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g), ([, target]) => ({ file, target })).filter(
    ({ target }) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(file), target)),
  ),
)
for (const { file, target } of broken) console.error(`${file}: there is no ${target}`)
process.exitCode = broken.length > 0 ? 1 : 0
