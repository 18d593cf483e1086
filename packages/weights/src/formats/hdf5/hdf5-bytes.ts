import { CheckpointError } from '../../checkpoint-error.js'
import type { Budget } from '../budget.js'

/** Throws the error for a damaged HDF5 file. */
export function damagedHdf5(what: string, got: string): never {
  throw new CheckpointError(`The HDF5 file is damaged: ${what}.`, { got })
}

/** Throws the error for a part of HDF5 that neither Keras nor h5py writes by default. */
export function unknownHdf5(what: string, got: string): never {
  throw new CheckpointError(`The HDF5 file uses ${what}, which is not read here.`, {
    got,
    remedy: "Save the model again with Keras, or with h5py's default settings: neither uses it.",
  })
}

/** The value that HDF5 writes for "no address". */
const undefinedAddress = 0xffff_ffff_ffff_ffffn

/** The bytes of a file, read at absolute offsets, which are checked. Integers are little-endian. */
export interface Hdf5Bytes {
  readonly length: number
  /** Reading is counted, because a file may refer to the same place many times. */
  readonly budget: Budget
  uint8(at: number): number
  uint16(at: number): number
  uint32(at: number): number
  /** A 64-bit length. */
  size(at: number): number
  /** A 64-bit offset into the file; null if it is undefined. */
  address(at: number): number | null
  /** An unsigned integer of `bytes` bytes, 1 to 8. */
  uint(at: number, bytes: number): number
  /** A view. */
  slice(at: number, length: number): Uint8Array
  /** Throws unless these four characters are at `at`. */
  signature(at: number, text: string): void
}

/** Reads the bytes of a file. Each method throws a CheckpointError if an offset or a length reaches beyond the file. */
export function hdf5Bytes(bytes: Uint8Array, budget: Budget): Hdf5Bytes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const inside = (at: number, length: number): number => {
    if (!(at >= 0 && length >= 0 && at + length <= bytes.length)) {
      damagedHdf5('an offset or a length reaches beyond the file', `${length} bytes at offset ${at} of ${bytes.length}`)
    }
    return at
  }
  const slice = (at: number, length: number): Uint8Array => bytes.subarray(inside(at, length), at + length)
  return {
    length: bytes.length,
    budget,
    uint8: (at) => view.getUint8(inside(at, 1)),
    uint16: (at) => view.getUint16(inside(at, 2), true),
    uint32: (at) => view.getUint32(inside(at, 4), true),
    size: (at) => Number(view.getBigUint64(inside(at, 8), true)),
    address(at) {
      const value = view.getBigUint64(inside(at, 8), true)
      return value === undefinedAddress ? null : Number(value)
    },
    uint: (at, count) => slice(at, count).reduceRight((value, byte) => value * 256 + byte, 0),
    slice,
    signature(at, text) {
      const got = String.fromCharCode(...slice(at, text.length))
      if (got !== text) damagedHdf5(`it has no ${text} where one should be`, `${JSON.stringify(got)} at offset ${at}`)
    },
  }
}
