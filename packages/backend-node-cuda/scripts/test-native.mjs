// Runs the conformance suite through TensorFlow's native kernels; without the binding it fails.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buildBinding } from './build-binding.mjs'

const env = { ...process.env, NODE_PATH: buildBinding(), MOBILENETV2_NATIVE: 'required', TF_CPP_MIN_LOG_LEVEL: '1' }
const cwd = fileURLToPath(new URL('..', import.meta.url))
process.exit(spawnSync('npx', ['vitest', 'run'], { cwd, env, stdio: 'inherit' }).status ?? 1)
