export { type NodeCudaOptions, nodeCuda } from './node-cuda.js'
