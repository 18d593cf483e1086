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

/** The id of a model in the zoo, which `load` and the command line take. */
export type ZooId = CoralId | TorchvisionId | TimmId | HuggingFaceId | KerasId | OnnxZooId | DLi14Id | NsfwjsId

/** The location of a model that is one file. */
export interface FileLocation {
  readonly kind: 'file'
  /**
   * The name of the file in a folder of models and in the cache. It is the publisher's name, unless several files have that name.
   */
  readonly name: string
  /** The addresses from which it can be downloaded, in the order in which they are tried. */
  readonly urls: readonly string[]
  /** Length of the file; null if the publisher does not state it. */
  readonly bytes: number | null
  /** Its SHA-256 in hexadecimal: all 64 digits, or the first ones if the publisher states no more; null if none is published. */
  readonly sha256: string | null
}

/** The location of a model that is part of an npm package, which must be installed. */
export interface PackageLocation {
  readonly kind: 'npm'
  /** The name of the package. */
  readonly package: 'nsfwjs'
  /** The version of the package that was tested. */
  readonly version: string
  /** Which model of the package it is. */
  readonly model: 'mobilenet_v2' | 'mobilenet_v2_mid'
}

/** Where a model is: in a file, or in an npm package. */
export type ModelLocation = FileLocation | PackageLocation

/** Accuracy in percent. */
export interface Accuracy {
  /** The share of pictures for which the first answer is right. */
  readonly top1: number
  /** The share of pictures for which one of the first five answers is right; null if it is not published. */
  readonly top5: number | null
}

/** A pretrained model. */
export interface ZooEntry {
  /** The model's id. */
  readonly id: ZooId
  /** Who published the model. */
  readonly publisher: string
  /** How it differs from other models of the same publisher, width and input size, in a few words. */
  readonly note?: string | undefined
  /** Where its file is. */
  readonly location: ModelLocation
  /** SPDX identifier of the licence of the weights; `other` if the publisher names none. */
  readonly licence: string
  /** The options with which `defineMobileNetV2` makes its architecture. */
  readonly options: MobileNetV2Options
  /** The framework or repository whose names its tensors have; `structural` if the graph in the file is matched, not the names. */
  readonly naming: 'torchvision' | 'timm' | 'huggingface' | 'keras' | 'd-li14' | 'structural'
  /** The type of the weights in the file. */
  readonly weights: 'float32' | 'int8' | 'uint8'
  /** The names of its classes, without a background class. */
  readonly labels: LabelSet
  /** The parts of the preprocessing that follow neither from the file nor from its naming. */
  readonly preprocessing?: { readonly [Name in keyof Preprocessing]?: Preprocessing[Name] | undefined } | undefined
  /** Accuracy on ImageNet's validation pictures, as its publisher states it; null if it is not stated. */
  readonly published: Accuracy | null
  /** Accuracy as this project measured it, and `over` which pictures; null if it was not measured. */
  readonly measured: (Accuracy & { readonly over: string }) | null
}

/** An entry whose model is a file. */
export type FileEntry = ZooEntry & { readonly location: FileLocation }

/** Whether the model of an entry is a file. */
export function isFileEntry(entry: ZooEntry): entry is FileEntry {
  return entry.location.kind === 'file'
}
