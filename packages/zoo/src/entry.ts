import type { MobileNetV2Options, Preprocessing } from '@mobilenetv2/spec'
import type { LabelSet } from './labels/labels.js'
import type { CoralId } from './publishers/coral.js'
import type { DLi14Id } from './publishers/d-li14.js'
import type { HuggingFaceId } from './publishers/hugging-face.js'
import type { KerasId } from './publishers/keras.js'
import type { NsfwjsId } from './publishers/nsfwjs.js'
import type { OnnxZooId } from './publishers/onnx-zoo.js'
import type { TimmId } from './publishers/timm.js'
import type { TorchvisionId } from './publishers/torchvision.js'

/** The name that `load` and the command line take for a model. */
export type ZooId = CoralId | TorchvisionId | TimmId | HuggingFaceId | KerasId | OnnxZooId | DLi14Id | NsfwjsId

/** A model in one file. */
export interface FileLocation {
  readonly kind: 'file'
  /** What the file is called in a folder of models and in the cache: the publisher's name, where that tells models apart. */
  readonly name: string
  /** Where it can be downloaded, in the order in which to try. */
  readonly urls: readonly string[]
  /** Length of the file, or null where the publisher does not say. */
  readonly bytes: number | null
  /** In hexadecimal: all 64 digits, or the first ones where the publisher gives no more; null where none are published. */
  readonly sha256: string | null
}

/** A model inside of an npm package, which is opened where that is installed. */
export interface PackageLocation {
  readonly kind: 'npm'
  readonly package: 'nsfwjs'
  readonly version: string
  /** Which of the package's models. */
  readonly model: 'mobilenet_v2' | 'mobilenet_v2_mid'
}

/** Where a model comes from: a file, or an installed npm package. */
export type ModelLocation = FileLocation | PackageLocation

/** Shares of pictures whose class is the first answer, or among the first five, in percent. */
export interface Accuracy {
  readonly top1: number
  /** Null where it is not published. */
  readonly top5: number | null
}

/** A pretrained model. */
export interface ZooEntry {
  readonly id: ZooId
  readonly publisher: string
  /** What sets it apart from its publisher's others of the same width and size, in a few words. */
  readonly note?: string | undefined
  readonly location: ModelLocation
  /** SPDX identifier of the weights' licence, or `other` where the publisher names none. */
  readonly licence: string
  /** What `defineMobileNetV2` takes. */
  readonly options: MobileNetV2Options
  /** Whose names the tensors have, as `readNetwork` calls them; `structural` if the file's graph tells, not the names. */
  readonly naming: 'torchvision' | 'timm' | 'huggingface' | 'keras' | 'd-li14' | 'structural'
  /** How the file stores its weights. */
  readonly weights: 'float32' | 'int8' | 'uint8'
  /** What the model's classes are called; a background class is not among them. */
  readonly labels: LabelSet
  /** The parts of the recipe from a picture to the input that neither the file nor its naming tells. */
  readonly preprocessing?: { readonly [Name in keyof Preprocessing]?: Preprocessing[Name] | undefined } | undefined
  /** On ImageNet's validation pictures, as its publisher says; null where nothing is said. */
  readonly published: Accuracy | null
  /** What this project found, and over which pictures; null where it has not been measured. */
  readonly measured: (Accuracy & { readonly over: string }) | null
}

/** An entry whose model is a file. */
export type FileEntry = ZooEntry & { readonly location: FileLocation }

export function isFileEntry(entry: ZooEntry): entry is FileEntry {
  return entry.location.kind === 'file'
}
