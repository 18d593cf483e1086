/** The bits of `GPUBufferUsage`, as the specification fixes them. Outside of a browser the global may be missing. */
export const bufferUsage = {
  mapRead: 0x1,
  copySource: 0x4,
  copyTarget: 0x8,
  uniform: 0x40,
  storage: 0x80,
  queryResolve: 0x200,
} as const

/** `GPUMapMode.READ`. */
export const mapModeRead = 0x1

/** The bits of `GPUTextureUsage`. */
export const textureUsage = { copyTarget: 0x2, binding: 0x4, renderAttachment: 0x10 } as const
