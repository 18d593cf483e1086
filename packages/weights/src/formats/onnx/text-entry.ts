import type { MessageReader } from '../protobuf.js'

/** Fields of `StringStringEntryProto` in `onnx.proto`. */
const fields = { key: 1, value: 2 } as const

/** Reads a text and its key, from metadata or from the location of external data. */
export function readTextEntry(bytes: Uint8Array, readMessage: MessageReader): [key: string, text: string] {
  let [key, text] = ['', '']
  readMessage(bytes, {
    [fields.key]: (value) => {
      key = value.text()
    },
    [fields.value]: (value) => {
      text = value.text()
    },
  })
  return [key, text]
}
