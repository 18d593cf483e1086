// Writes the workers' program as a file, for pages whose policy forbids workers from blobs.
import { writeFileSync } from 'node:fs'
import { workerProgram } from '../dist/threads/worker-program.js'

const write = (name, text) => writeFileSync(new URL(`../dist/${name}`, import.meta.url), text)
write('worker.js', `const port = self\n${workerProgram}\n`)
// The worker exports nothing, so its types are empty.
write('worker.d.ts', 'export {}\n')
