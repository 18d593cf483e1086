import { fingerprint } from '@mobilenetv2/assembler'
import { workerText } from './worker-text.js'

/** Identifies the version of the workers' program. */
export const programId: string = fingerprint(new TextEncoder().encode(workerText))

/** The program of a worker. A host puts a line before it that says what `port` is. */
export const workerProgram: string = `const program = '${programId}'\n${workerText}`
