// Compiles against the packed packages with TypeScript 5.4 too, the oldest version that is supported. That version takes 32 MB, and
// nothing else needs it, so it is installed into a cache beside the workspace.
import { join } from 'node:path'
import { installBeside } from '../../../scripts/install-beside.mjs'
import { runTests } from './run-tests.mjs'

runTests('types', { MOBILENETV2_TYPESCRIPT_54: join(installBeside(['typescript@5.4.5']), 'typescript') })
