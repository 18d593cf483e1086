// The formats other than JPEG and PNG. This file is imported lazily, in one piece, because most pages show no other format.
export { asStill, avifSize } from './avif.js'
export { gifSize } from './gif.js'
export { turned } from './turned.js'
export { webpSize, withoutOrientation } from './webp.js'
