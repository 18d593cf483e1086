import { MobileNetV2Error, type PictureRoute } from '@mobilenetv2/spec'
import { bufferUsage, textureUsage } from '../device/flags.js'
import { type DevicePicture, sizeOfSource } from '../picture.js'
import { emitAlignCorners, emitResampleColumns, emitResampleRows } from '../wgsl/resample.js'
import { compileKernel } from './pipelines.js'

/** Turns pictures of the browser into the network's input, on the device. */
export interface PictureLoader {
  /**
   * Compiles the kernels for a picture. The function that it gives records commands that write float32 `[height, width, 3]` to `target`.
   */
  prepare(picture: DevicePicture): Promise<(encoder: GPUCommandEncoder, target: GPUBuffer) => void>
  dispose(): void
}

type Pipelines = readonly GPUComputePipeline[]

const workgroupSide = 8
const routeSize = 64

const groupsOver = (length: number): number => Math.ceil(length / workgroupSide)

/** The rows of the picture that the filter reads, and one more on each side, because rounding may need it. */
function rowsRead({ box, size, window, interpolation }: PictureRoute, height: number): { firstRow: number; rows: number } {
  const scale = box.height / size.height
  const reach = (interpolation === 'bicubic' ? 2 : 1) * Math.max(scale, 1) + 1.5
  const first = box.top + (window.top + 0.5) * scale - reach
  const last = box.top + (window.top + window.height - 0.5) * scale + reach
  const firstRow = Math.max(0, Math.floor(first))
  return { firstRow, rows: Math.min(height, Math.ceil(last)) - firstRow }
}

/** The content of the uniform buffer that the kernels call `Route`. */
function routeBytes({ source, route }: DevicePicture): ArrayBuffer {
  const { box, size, window, interpolation, mean, deviation } = route
  const source2 = sizeOfSource(source)
  const bytes = new ArrayBuffer(routeSize)
  const floats = new Float32Array(bytes)
  const words = new Uint32Array(bytes)
  const isAligned = interpolation === 'bilinearAlignCorners'
  const scaleOf = (extent: number, count: number): number =>
    isAligned ? (count > 1 ? (extent - 1) / (count - 1) : 0) : extent / count
  const scaleX = scaleOf(box.width, size.width)
  const scaleY = scaleOf(box.height, size.height)
  const { firstRow, rows } = rowsRead(route, source2.height)
  floats.set(mean, 0)
  words[3] = window.width
  floats.set(deviation, 4)
  words[7] = window.height
  floats.set([box.left + window.left * scaleX, box.top + window.top * scaleY, scaleX, scaleY], 8)
  words.set([source2.width, source2.height, firstRow, rows], 12)
  return bytes
}

function copyPicture(device: GPUDevice, source: GPUCopyExternalImageSource, texture: GPUTexture): void {
  try {
    device.queue.copyExternalImageToTexture({ source }, { texture }, [texture.width, texture.height])
  } catch (cause) {
    throw new MobileNetV2Error('IMAGE', 'The browser cannot copy a picture to the device.', {
      got: String(cause),
      remedy:
        'If the picture is a frame of a video, run on an ImageBitmap of it (createImageBitmap). If it comes from another site, that site must allow it by CORS.',
      cause,
    })
  }
}

/** The kernels of an interpolation are compiled at its first use. The texture and the rows are reused while pictures have the same size. */
export function createPictureLoader(device: GPUDevice): PictureLoader {
  const compiled = new Map<PictureRoute['interpolation'], Promise<Pipelines>>()
  let uniforms: GPUBuffer | null = null
  let texture: GPUTexture | null = null
  let rowBuffer: GPUBuffer | null = null

  const pipelinesFor = (interpolation: PictureRoute['interpolation']): Promise<Pipelines> => {
    const codes =
      interpolation === 'bilinearAlignCorners'
        ? [emitAlignCorners()]
        : [emitResampleRows(interpolation), emitResampleColumns(interpolation)]
    const known =
      compiled.get(interpolation) ??
      Promise.all(codes.map((code) => compileKernel(device, code, `resizing a picture, ${interpolation}`)))
    compiled.set(interpolation, known)
    return known
  }

  const textureFor = (width: number, height: number): GPUTexture => {
    if (texture?.width === width && texture.height === height) return texture
    texture?.destroy()
    const usage = textureUsage.copyTarget | textureUsage.binding | textureUsage.renderAttachment
    texture = device.createTexture({ label: 'picture', size: [width, height], format: 'rgba8unorm', usage })
    return texture
  }

  const rowsFor = (size: number): GPUBuffer => {
    if (rowBuffer !== null && rowBuffer.size >= size) return rowBuffer
    rowBuffer?.destroy()
    rowBuffer = device.createBuffer({ label: 'picture rows', size, usage: bufferUsage.storage })
    return rowBuffer
  }

  return {
    async prepare({ source, route }) {
      const pipelines = await pipelinesFor(route.interpolation)
      return (encoder, target) => {
        const { width, height } = sizeOfSource(source)
        const { window } = route
        const { rows } = rowsRead(route, height)
        const pixels = textureFor(width, height)
        uniforms ??= device.createBuffer({ label: 'route', size: routeSize, usage: bufferUsage.uniform | bufferUsage.copyTarget })
        device.queue.writeBuffer(uniforms, 0, routeBytes({ source, route }))
        copyPicture(device, source, pixels)
        const between = rowsFor(rows * window.width * Uint32Array.BYTES_PER_ELEMENT)
        const stages =
          pipelines.length === 1
            ? [{ input: pixels.createView(), output: target, lines: window.height }]
            : [
                { input: pixels.createView(), output: between, lines: rows },
                { input: { buffer: between }, output: target, lines: window.height },
              ]
        const pass = encoder.beginComputePass()
        stages.forEach(({ input, output, lines }, index) => {
          const pipeline = pipelines[index]!
          const entries = [
            { binding: 0, resource: { buffer: uniforms! } },
            { binding: 1, resource: input },
            { binding: 2, resource: { buffer: output } },
          ]
          pass.setPipeline(pipeline)
          pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
          pass.dispatchWorkgroups(groupsOver(window.width), groupsOver(lines))
        })
        pass.end()
      }
    },
    dispose() {
      uniforms?.destroy()
      texture?.destroy()
      rowBuffer?.destroy()
    },
  }
}
