// Runs before each file of tests in Node.
import { provideWebGpu } from '@mobilenetv2/testing/node-webgpu'

await provideWebGpu()
