// Runs the tests on onnxruntime-node, which is installed into a cache, beside the workspace: it is 288 MB, and its install script
// downloads CUDA's provider from outside the registry. MOBILENETV2_ONNXRUNTIME_PROVIDERS=cuda runs them on other providers, with the
// onnxruntime-node that NODE_PATH names.
import { fileURLToPath } from 'node:url'
import { installBeside } from '../../../scripts/install-beside.mjs'
import { run } from '../../../scripts/run.mjs'

// The version of onnxruntime-web in the lockfile.
const version = '1.30.0'

const env = {
  ...process.env,
  NODE_PATH: process.env.NODE_PATH || installBeside([`onnxruntime-node@${version}`]),
  MOBILENETV2_ONNXRUNTIME: 'required',
}
run('npx', ['vitest', 'run'], { cwd: fileURLToPath(new URL('..', import.meta.url)), env })
// Photos and taught networks through the package mobilenetv2.
run('npx', ['vitest', 'run', '--project', 'node', 'photos', 'teach.node'], {
  cwd: fileURLToPath(new URL('../../mobilenetv2', import.meta.url)),
  env,
})
