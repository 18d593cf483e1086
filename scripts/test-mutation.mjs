// Mutation testing of the definition and of the arithmetic of 8 bits: Stryker changes the code in one place at a time, and a change that no
// test notices survives. Stryker asks for Node 22 or later. Prints a table; the details are in `.stryker/report.json`. A second run repeats
// only what changed. Arguments go on to Stryker.
import { join } from 'node:path'
import { installBeside } from './install-beside.mjs'
import { run } from './run.mjs'

// Its peer Vitest is the workspace's.
const stryker = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@10.1.1`)
const program = join(installBeside(stryker, ['--legacy-peer-deps']), '@stryker-mutator/core/bin/stryker.js')
// Every mutant is tested, and tests with real weights take minutes.
const { MOBILENETV2_MODELS: _models, MOBILENETV2_PHOTOS: _photos, ...env } = process.env
run(process.execPath, [program, 'run', 'scripts/mutation/stryker.config.json', ...process.argv.slice(2)], { env })
