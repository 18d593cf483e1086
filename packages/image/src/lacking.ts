import { MobileNetV2Error } from '@mobilenetv2/spec'

/** The error for a browser without a class or a function that reading pictures needs; null if something else was thrown. */
export function lacking(cause: unknown): MobileNetV2Error | null {
  if (!(cause instanceof ReferenceError)) return null
  return new MobileNetV2Error('IMAGE', 'This browser lacks a function that reading pictures needs.', {
    expected:
      'createImageBitmap, OffscreenCanvas and Blob (Chrome 69, Firefox 105, Safari 16.4 or later); for frames ImageDecoder too',
    got: cause.message,
    remedy: 'Decode the file first, for instance with npm jpeg-js or sharp, and give its pixels: { data, width, height }.',
    cause,
  })
}
