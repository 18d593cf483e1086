import { activationMemory } from './activation-memory.js'
import { type Architecture, isWeighted, type Layer, type Shape } from './architecture.js'
import { checkOptionNames, choiceOption, integerOption } from './check-options.js'
import { parameterCount, totalMultiplyAdds, totalParameters } from './costs.js'
import { type Module, moduleTotals, moduleTree } from './module-tree.js'

/** The options of `summarize`. */
export interface SummarizeOptions {
  /** Number of pictures in a batch: 1 to 65536. 1 unless given. */
  readonly batch?: number | undefined
  /** `text` unless given: a table like torchinfo's. */
  readonly format?: 'text' | 'markdown' | 'json' | undefined
}

const nameWidth = 50
const columnWidth = 25
const bytesPerValue = 4
const rule = '='.repeat(nameWidth + 2 * columnWidth)

function row(name: string, shape: string, parameters: string): string {
  return `${name.padEnd(nameWidth)} ${shape.padEnd(columnWidth)} ${parameters}`.trimEnd()
}

function moduleRows(root: Module): string[] {
  const countAtDepth: number[] = []
  const rows: string[] = []
  const visit = (module: Module, depth: number): void => {
    countAtDepth[depth] = (countAtDepth[depth] ?? 0) + 1
    const indent = depth === 0 ? '' : `${'│    '.repeat(depth - 1)}${depth === 1 ? '├' : '└'}─`
    const name = depth === 0 ? module.type : `${indent}${module.type}: ${depth}-${countAtDepth[depth]}`
    rows.push(row(name, `[${module.shape.join(', ')}]`, module.parameters === null ? '--' : grouped(module.parameters)))
    for (const child of module.children) visit(child, depth + 1)
  }
  visit(root, 0)
  return rows
}

function grouped(value: number): string {
  return value.toLocaleString('en-US')
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2)
}

function withUnit(value: number): string {
  const [unit, size] = value >= 1e12 ? ['T', 1e12] : value >= 1e9 ? ['G', 1e9] : value >= 1e6 ? ['M', 1e6] : ['k', 1e3]
  return `(${unit}): ${(value / Number(size)).toFixed(2)}`
}

function asText(architecture: Architecture, batch: number): string {
  const totals = moduleTotals(architecture, batch)
  const inputBytes = batch * values(architecture.input) * bytesPerValue
  // The backward pass is counted as large as the forward pass.
  const passBytes = 2 * totals.outputValues * bytesPerValue
  const parameterBytes = totals.parameters * bytesPerValue
  return [
    rule,
    row('Layer (type:depth-idx)', 'Output Shape', 'Param #'),
    rule,
    ...moduleRows(moduleTree(architecture, batch)),
    rule,
    `Total params: ${grouped(totals.parameters)}`,
    `Trainable params: ${grouped(totals.parameters)}`,
    'Non-trainable params: 0',
    `Total mult-adds ${withUnit(totals.multiplyAdds)}`,
    rule,
    `Input size (MB): ${megabytes(inputBytes)}`,
    `Forward/backward pass size (MB): ${megabytes(passBytes)}`,
    `Params size (MB): ${megabytes(parameterBytes)}`,
    `Estimated Total Size (MB): ${megabytes(inputBytes + passBytes + parameterBytes)}`,
    rule,
  ].join('\n')
}

function values({ height, width, channels }: Shape): number {
  return height * width * channels
}

function shapeText({ height, width, channels }: Shape): string {
  return `${height} x ${width} x ${channels}`
}

function windowText(layer: Layer): string {
  if (layer.kind !== 'convolution' && layer.kind !== 'depthwise') return ''
  const { top, bottom, left, right } = layer.padding
  return `${layer.kernelSize} x ${layer.kernelSize} / ${layer.stride}, pad ${top} ${bottom} ${left} ${right}`
}

function asMarkdown(architecture: Architecture, batch: number): string {
  const lines = architecture.layers.map((layer) => {
    const cells = [
      layer.id,
      layer.kind,
      shapeText(layer.output),
      windowText(layer),
      layer.activation,
      layer.residual ?? '',
      grouped(parameterCount(layer)),
      grouped(batch * layer.multiplyAdds),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const total = [
    '**total**',
    '',
    '',
    '',
    '',
    '',
    grouped(totalParameters(architecture)),
    grouped(batch * totalMultiplyAdds(architecture)),
  ]
  return [
    `${architecture.family}, input ${batch} x ${shapeText(architecture.input)}`,
    '',
    '| layer | kind | output | kernel / stride, padding | activation | adds | parameters | multiply-adds |',
    '| --- | --- | --- | --- | --- | --- | ---: | ---: |',
    ...lines,
    `| ${total.join(' | ')} |`,
  ].join('\n')
}

function asJson(architecture: Architecture, batch: number): string {
  const { family, input, classes, padding, batchNormEpsilon, layers } = architecture
  return JSON.stringify(
    {
      family,
      batch,
      input,
      classes,
      padding,
      batchNormEpsilon,
      parameters: totalParameters(architecture),
      multiplyAdds: batch * totalMultiplyAdds(architecture),
      peakActivationBytes: {
        byLayer: batch * activationMemory(architecture, 'layer').peakBytes,
        byBlock: batch * activationMemory(architecture, 'block').peakBytes,
      },
      layers: layers.map((layer) => ({
        ...layer,
        parameters: parameterCount(layer),
        multiplyAdds: batch * layer.multiplyAdds,
        kernelShape: isWeighted(layer) ? layer.kernelShape : null,
      })),
    },
    null,
    2,
  )
}

/**
 * The shapes and costs of every layer as a table. `text` is character by character what torchinfo prints for an implementation in PyTorch.
 * `markdown` and `json` have one entry for each layer. Multiply-adds are those of the whole batch. As in torchinfo, the text counts
 * BatchNorm and the classifier's bias among them.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or has a value that is not allowed
 * @example
 * ```ts
 * import { defineMobileNetV2, summarize } from '@mobilenetv2/spec'
 *
 * console.log(summarize(defineMobileNetV2({ widthMultiplier: 0.5 }), { format: 'markdown' }))
 * ```
 */
export function summarize(architecture: Architecture, options: SummarizeOptions = {}): string {
  checkOptionNames(options, ['batch', 'format'])
  const batch = integerOption('batch', options.batch ?? 1, 1, 65536)
  const format = choiceOption('format', options.format ?? 'text', ['text', 'markdown', 'json'])
  switch (format) {
    case 'text':
      return asText(architecture, batch)
    case 'markdown':
      return asMarkdown(architecture, batch)
    case 'json':
      return asJson(architecture, batch)
    default:
      return format satisfies never
  }
}
