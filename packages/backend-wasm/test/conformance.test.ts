import { describeBackendConformance } from '@mobilenetv2/testing'
import { wasm } from '../src/index.js'

describeBackendConformance(wasm)
