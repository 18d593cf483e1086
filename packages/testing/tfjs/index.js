// Stands in for npm's @tensorflow/tfjs, which is 141 MB of bundles and brings another 40 MB with it. The package nsfwjs imports that
// name, and the tests compare this project's answers with nsfwjs's. Every kernel here is TensorFlow.js's own: npm's package re-exports
// the same parts, and more that nsfwjs does not call.
import '@tensorflow/tfjs-backend-cpu'
import { cast, div, reshape, Tensor } from '@tensorflow/tfjs-core'

export * from '@tensorflow/tfjs-converter'
export * from '@tensorflow/tfjs-core'
export * from '@tensorflow/tfjs-layers'

// npm's package gives tensors all operations as methods. nsfwjs calls these three.
Object.assign(Tensor.prototype, {
  toFloat() {
    return cast(this, 'float32')
  },
  div(divisor) {
    return div(this, divisor)
  },
  reshape(shape) {
    return reshape(this, shape)
  },
})
