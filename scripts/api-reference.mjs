// Writes the API reference into `api`, as typedoc.jsonc says. TypeDoc takes the TypeScript of the workspace.
import { join } from 'node:path'
import { installBeside } from './install-beside.mjs'
import { run } from './run.mjs'

const program = join(installBeside(['typedoc@0.28.20'], ['--omit=peer']), 'typedoc/bin/typedoc')
run(process.execPath, [program, ...process.argv.slice(2)])
