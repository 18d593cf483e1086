import { describeBackendConformance } from '@mobilenetv2/testing'
import { beforeAll } from 'vitest'
import { tfjs } from '../src/index.js'
import { useBackend } from './support/backends.js'

beforeAll(() => useBackend('wasm'))
describeBackendConformance(tfjs())
