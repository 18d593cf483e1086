import { MobileNetV2Error } from '@mobilenetv2/spec'

/**
 * The SHA-256 of bytes in hexadecimal.
 * @throws MobileNetV2Error `SOURCE` on a page that is not a secure context, where browsers have no Web Crypto
 */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { subtle } = globalThis.crypto as Partial<Crypto>
  if (subtle === undefined) {
    throw new MobileNetV2Error('SOURCE', 'The hash of a model cannot be checked on this page.', {
      expected: 'a secure context (https, or localhost)',
      got: globalThis.location?.origin,
      remedy: 'serve the page over https, or give the bytes of the checkpoint in place of the id',
    })
  }
  return hexOf(new Uint8Array(await subtle.digest('SHA-256', bytes)))
}

function hexOf(digest: Uint8Array): string {
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
