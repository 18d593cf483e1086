import { CheckpointError } from './checkpoint-error.js'

/** A kind of file that is often given as a checkpoint by mistake. */
interface OtherKind {
  /** What the file is, as the end of a sentence. */
  readonly what: string
  readonly remedy: string
  matches(start: Start): boolean
}

/** The beginning of a file, which shows its kind. */
interface Start {
  readonly bytes: Uint8Array
  /** The first bytes, one character for each, without a byte order mark and white space at the beginning. */
  readonly text: string
  /** The last part of the file's name. */
  readonly name: string
  /** The names of the members if the file is a JSON object; else none. */
  readonly members: readonly string[]
}

const examined = 4096

/** Most bytes of a JSON file that describes a model. A longer one is a model. */
const longestJson = 2 ** 22

/** The names of the members of a JSON object; none if the file is something else. */
function membersOf(bytes: Uint8Array): readonly string[] {
  if (bytes.length > longestJson) return []
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? Object.keys(value) : []
  } catch {
    return []
  }
}

function startOf(bytes: Uint8Array, file: string): Start {
  const text = String.fromCharCode(...bytes.subarray(0, examined))
  const trimmed = text.replace(/^(\xef\xbb\xbf)?\s*/, '')
  const name = file.replace(/[?#].*$/, '').replace(/^.*[/\\]/, '')
  return { bytes, name, text: trimmed, members: trimmed.startsWith('{') ? membersOf(bytes) : [] }
}

/** Whether these characters, one for each byte, are at an offset. */
const hasAt =
  (offset: number, characters: string) =>
  ({ bytes }: Start): boolean =>
    [...characters].every((character, index) => bytes[offset + index] === character.charCodeAt(0))

/** Whether the file begins with one of these. */
const startsWith =
  (...starts: readonly string[]) =>
  (start: Start): boolean =>
    starts.some((characters) => hasAt(0, characters)(start))

const hasText =
  (pattern: RegExp) =>
  ({ text }: Start): boolean =>
    pattern.test(text)

const isNamed =
  (pattern: RegExp) =>
  ({ name }: Start): boolean =>
    pattern.test(name)

/** Whether the file is a JSON object with one of these members, and not a model of TensorFlow.js. */
const isJsonWith =
  (...names: readonly string[]) =>
  ({ members }: Start): boolean =>
    !members.includes('modelTopology') && names.some((name) => members.includes(name))

/** The numbers of the fields of a protobuf message, up to the first one that is damaged. */
function protobufFields(bytes: Uint8Array): Set<number> {
  const fields = new Set<number>()
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 10; shift++) {
      const byte = bytes[at++]
      if (byte === undefined) return Number.NaN
      value += (byte & 0x7f) * 2 ** (7 * shift)
      if (byte < 0x80) return value
    }
    return Number.NaN
  }
  while (at < bytes.length && fields.size < 100) {
    const tag = varint()
    const wire = tag % 8
    const value = wire === 0 || wire === 2 ? varint() : 0
    const length = [0, 8, value, Number.NaN, Number.NaN, 4][wire] ?? Number.NaN
    if (!Number.isFinite(length)) return fields
    fields.add(Math.floor(tag / 8))
    at += length
  }
  return fields
}

/** Whether the file is Core ML's `Model`, which begins like ONNX. Its network is a field from 200 on, and the graph of ONNX is field 7. */
function isCoreMl({ bytes }: Start): boolean {
  if (bytes[0] !== 0x08) return false
  const fields = [...protobufFields(bytes)]
  return !fields.includes(7) && fields.some((field) => field >= 200 && field < 4000)
}

/** Whether the beginning of the file is text: it has no control characters except white space. */
function isText({ text }: Start): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells text from other files.
  return text !== '' && !text.startsWith('{') && !/[\x00-\x08\x0e-\x1f\x7f]/.test(text)
}

const exportAgain = 'Give the model that it was converted from, or an ONNX export of it.'
const giveModelJson = 'Give model.json; the files that it names are read from beside it.'
const unpack = 'Unpack it, and give the checkpoint in it.'
const oneFile = 'Save the model in one file: save_pretrained with a larger max_shard_size, or torch.save(model.state_dict(), …).'
const picture = 'Give the checkpoint as the model, and the picture to classify().'

/**
 * Kinds of files that begin like a format that is read. The first kind that matches is taken, so the kinds that are recognised most
 * reliably come first.
 */
const mistakenKinds: readonly OtherKind[] = [
  { what: 'a Core ML model', remedy: exportAgain, matches: isCoreMl },
  {
    what: 'the manifest of a Core ML package (.mlpackage)',
    remedy: exportAgain,
    matches: isJsonWith('itemInfoEntries', 'rootModelIdentifier'),
  },
  {
    what: "Teachable Machine's metadata.json, which names the classes",
    remedy: 'Give model.json, which is beside it. metadata.json is then read too.',
    matches: isJsonWith('packageName', 'tmVersion', 'imageSize'),
  },
  {
    what: 'the index of a checkpoint in several files',
    remedy: oneFile,
    matches: isJsonWith('weight_map'),
  },
  {
    what: 'a tokenizer, which belongs to a model of texts',
    remedy: 'Give the checkpoint of a MobileNet.',
    matches: isJsonWith('added_tokens', 'tokenizer_class'),
  },
  {
    what: "a Keras model's configuration, without weights",
    remedy: 'Give the .keras or .h5 file of the whole model.',
    matches: isJsonWith('class_name', 'keras_version'),
  },
  {
    what: 'a configuration, not a model',
    remedy: 'Give the weights: model.safetensors, pytorch_model.bin or model.json. The files beside them are read too.',
    matches: isJsonWith(
      'model_type',
      'architectures',
      'architecture',
      'pretrained_cfg',
      'image_processor_type',
      'do_normalize',
      'id2label',
    ),
  },
  {
    what: 'JSON, but no TensorFlow.js model',
    remedy: 'Give model.json of a TensorFlow.js model, or a checkpoint of another format. A list of labels is the option `labels`.',
    matches: ({ members }) => members.length > 0 && !['modelTopology', 'format'].some((name) => members.includes(name)),
  },
]

/** Kinds of files that begin unlike every format that is read. The first kind that matches is taken. */
const otherKinds: readonly OtherKind[] = [
  { what: 'empty', remedy: 'Copy or download it again.', matches: ({ bytes }) => bytes.length === 0 },
  {
    what: 'a Git LFS pointer: a few lines that stand for the file in a repository',
    remedy: 'Run `git lfs pull`, or download the file itself.',
    matches: startsWith('version https://git-lfs'),
  },
  {
    what: 'an OpenVINO model',
    remedy: `OpenVINO's .xml and .bin are not read. ${exportAgain}`,
    matches: hasText(/^(<\?xml[^>]*>\s*)?<net\s/),
  },
  { what: 'a picture', remedy: picture, matches: hasText(/^(<\?xml[^>]*>\s*)?(<!--[^>]*>\s*)?<svg\b/i) },
  {
    what: 'an HTML page',
    remedy: 'Give the address of the file itself: on huggingface.co /resolve/ in place of /blob/, on github.com /raw/.',
    matches: hasText(/^(<!--[^>]*>\s*)?<(!doctype html|html|head|body|script)\b/i),
  },
  {
    what: 'an XML document, such as a server sends in place of a file that it refuses',
    remedy: 'Open the address in a browser to see what it says.',
    matches: hasText(/^<(\?xml|[a-z]+[\s>])/i),
  },
  {
    what: 'a picture',
    remedy: picture,
    matches: startsWith('\xff\xd8\xff', '\x89PNG', 'GIF8', 'BM', 'II*\0', 'MM\0*'),
  },
  {
    what: 'a picture',
    remedy: picture,
    matches: (start) =>
      (startsWith('RIFF')(start) && hasAt(8, 'WEBP')(start)) || hasAt(4, 'ftypavif')(start) || hasAt(4, 'ftyphei')(start),
  },
  { what: 'a PDF document', remedy: 'Give the checkpoint itself.', matches: startsWith('%PDF') },
  {
    what: 'a compressed archive',
    remedy: unpack,
    matches: startsWith('\x1f\x8b', 'BZh', '\xfd7zXZ', '7z\xbc\xaf', 'Rar!', '\x28\xb5\x2f\xfd'),
  },
  { what: 'a TensorRT engine, compiled for one GPU', remedy: 'Give the .onnx that it was made from.', matches: startsWith('ftrt') },
  {
    what: "in ONNX Runtime's own format (.ort), which is made for one version of it",
    remedy: 'Give the .onnx file that it was made from.',
    matches: hasAt(4, 'ORTM'),
  },
  { what: 'a language model (GGUF)', remedy: 'Give the checkpoint of a MobileNet.', matches: startsWith('GGUF') },
  { what: 'a Core ML program', remedy: exportAgain, matches: hasText(/^program\(\d/) },
  { what: 'an NCNN model', remedy: `NCNN's .param and .bin are not read. ${exportAgain}`, matches: hasText(/^7767517\s/) },
  {
    what: 'a TensorFlow graph as text',
    remedy: 'Give its binary form: tf.io.write_graph(graph, folder, name, as_text=False).',
    matches: hasText(/^(node|meta_graphs|meta_info_def)\s*\{|^saved_model_schema_version:/),
  },
  {
    what: 'the graph of a TensorFlow checkpoint, without its weights',
    remedy: 'Give the .index file of the checkpoint.',
    matches: isNamed(/\.meta$/),
  },
  {
    what: 'weights without their description',
    remedy: `${giveModelJson} The .bin of OpenVINO and NCNN is not read.`,
    matches: isNamed(/(^(weights|group\d+-shard\d+of\d+).*|-shard\d+of\d+)(\.bin)?$|\.bin$|\.weights?$/i),
  },
  {
    what: 'a text file',
    remedy: 'Give the checkpoint itself. A list of labels is the option `labels`.',
    matches: isText,
  },
]

function refusal(kinds: readonly OtherKind[], bytes: Uint8Array, file: string): CheckpointError | null {
  const start = startOf(bytes, file)
  const kind = kinds.find(({ matches }) => matches(start))
  if (kind === undefined) return null
  const { what, remedy } = kind
  return new CheckpointError(`The file is ${what}.`, { got: `${bytes.length} bytes`, remedy })
}

/**
 * The error for a file that a reader refused because it is of another kind. The error says which kind, and what to give in its
 * place. Null if the file may have the reader's format.
 */
export function mistaken(bytes: Uint8Array, file: string): CheckpointError | null {
  return refusal(mistakenKinds, bytes, file)
}

/** The error for a file that no reader takes. It says what the file is, and what to give in its place. Null if that is not clear. */
export function knownOtherwise(bytes: Uint8Array, file: string): CheckpointError | null {
  return refusal(otherKinds, bytes, file)
}

/** Refuses one of the files into which a checkpoint was cut, because its content can look like a shorter network. */
export function refuseShard(file: string): never {
  throw new CheckpointError('The file is a part of a checkpoint in several files.', { file, remedy: oneFile })
}
