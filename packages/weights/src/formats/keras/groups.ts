import type { Hdf5Object } from '../hdf5/read.js'

function numbered(className: string, index: number): string {
  return index === 0 ? className : `${className}_${index}`
}

/**
 * The names of the layers of Keras's own MobileNetV2, by the groups of a file that has weights but no names. Keras numbers the layers of
 * each class in the order in which the network applies them, so the layers of a head come last. Empty if there are fewer layers than in a
 * MobileNetV2.
 */
export function groupsOfMobileNetV2(objects: readonly Hdf5Object[]): ReadonlyMap<string, string> {
  const groups = new Map<string, string>()
  const first = objects.find(({ path }) => /(^|\/)layers\/depthwise_conv2d$/.test(path))
  if (first === undefined) return groups
  const container = first.path.slice(0, first.path.lastIndexOf('/'))
  const members = new Set(objects.map(({ path }) => path))
  const count = (className: string): number => {
    let index = 0
    while (members.has(`${container}/${numbered(className, index)}`)) index++
    return index
  }
  const blocks = count('depthwise_conv2d')
  // The first block has no expansion. The first and the last convolution are outside of blocks.
  if (count('conv2d') < 2 * blocks + 1 || count('batch_normalization') < 3 * blocks + 1) return groups

  const next = { conv2d: 0, depthwise_conv2d: 0, batch_normalization: 0 }
  const add = (className: keyof typeof next, layer: string): void => {
    groups.set(`${container}/${numbered(className, next[className])}`, layer)
    next[className] += 1
  }
  add('conv2d', 'Conv1')
  add('batch_normalization', 'bn_Conv1')
  for (let block = 0; block < blocks; block++) {
    const inverted = block === 0 ? 'expanded_conv' : `block_${block}`
    for (const part of block === 0 ? ['depthwise', 'project'] : ['expand', 'depthwise', 'project']) {
      add(part === 'depthwise' ? 'depthwise_conv2d' : 'conv2d', `${inverted}_${part}`)
      add('batch_normalization', `${inverted}_${part}_BN`)
    }
  }
  add('conv2d', 'Conv_1')
  add('batch_normalization', 'Conv_1_bn')
  return groups
}
