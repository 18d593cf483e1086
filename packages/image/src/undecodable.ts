import { MobileNetV2Error } from '@mobilenetv2/spec'

/** The first bytes of a file in hexadecimal and, if they are printable, as text. */
function beginning(bytes: Uint8Array): string {
  const first = bytes.subarray(0, 8)
  const hexadecimal = Array.from(first, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const printable = first.every((byte) => byte >= 32 && byte < 127)
  return printable ? `${hexadecimal} ("${String.fromCharCode(...first)}")` : hexadecimal
}

/** The error for bytes that a decoder refused; `cause` is the decoder's error. */
export function undecodable(bytes: Uint8Array, where: string, cause: unknown): MobileNetV2Error {
  const said = cause instanceof Error ? cause.message : String(cause)
  return new MobileNetV2Error('IMAGE', 'A picture cannot be decoded.', {
    where,
    expected: 'a whole JPEG, PNG, WebP, GIF or AVIF file',
    got: `${bytes.length} bytes that begin with ${beginning(bytes)}; the decoder says: ${said}`,
    cause,
  })
}
