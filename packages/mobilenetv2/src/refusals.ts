// Errors for wrong arguments. This file is imported lazily, so that pages without errors do not load its texts.
import { type Architecture, MobileNetV2Error } from '@mobilenetv2/spec'

export { otherClasses } from '@mobilenetv2/weights/other-classes'

function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value
}

export function notASource(source: unknown): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'A model cannot be read from this.', {
    expected: 'an id of the zoo, a path, a URL, the bytes of a file, a Blob or File, a Response, a stream, or a list of Files',
    got: kindOf(source),
  })
}

/** The error for an option of downloads with a source that is not downloaded. */
export function noDownload(option: string, source: string): MobileNetV2Error {
  return new MobileNetV2Error('OPTION', `The option ${option} has no effect here.`, {
    where: `option ${option}`,
    expected: 'a source that is downloaded: an id of the zoo or a URL',
    got: source,
  })
}

/** The error for the address of a folder as a source. */
export function folderAddress(address: string): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'This is the address of a folder, and a server does not list the files of a folder.', {
    where: address,
    remedy:
      'Give the address of the checkpoint in it, such as model.safetensors or model.json. The files beside it are read from there.',
  })
}

export function notANetwork(network: unknown): MobileNetV2Error {
  return new MobileNetV2Error('INPUT', 'This is not a network.', { expected: 'what readNetwork gives', got: kindOf(network) })
}

export function notAPicture(source: unknown): MobileNetV2Error {
  const isList = Array.isArray((source as { data?: unknown } | null)?.data)
  return new MobileNetV2Error('IMAGE', 'A picture cannot be read from this.', {
    expected:
      'a path, a URL, the bytes of a file, a Blob, a Response, a stream, an element or canvas, { data, width, height } with bytes as data, sharp, or a tensor',
    got: isList ? 'data that is an array of numbers' : kindOf(source),
  })
}

/** The error for the features of a network that has no pool. */
export function noPool({ layers }: Architecture): MobileNetV2Error {
  const flattens = layers.findIndex(({ kind }) => kind === 'dense')
  return new MobileNetV2Error('INPUT', 'This network has no pooled features: a dense layer takes every place of its last map.', {
    where: `layer ${layers[flattens]?.id}`,
    expected: 'a network with a pool over its last map',
    remedy: `Use activation(picture, '${layers[flattens - 1]?.id}') for the map itself, or a network with a pool.`,
  })
}
