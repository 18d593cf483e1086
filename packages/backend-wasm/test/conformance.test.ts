import { describeBackendConformance } from '@mobilenetv2/testing'
import { describe } from 'vitest'
import { wasm } from '../src/index.js'

describe('with the default options', () => describeBackendConformance(wasm()))

describe.each([2, 3])('%d threads', (threads) => describeBackendConformance(wasm({ threads })))
