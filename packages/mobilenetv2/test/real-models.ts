import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folders with real weights and photos, where the environment names them. */
export const modelsFolder: string | undefined = process.env.MOBILENETV2_MODELS
export const photosFolder: string | undefined = process.env.MOBILENETV2_PHOTOS

/** For the title of a test with real weights and photos: what is missing; empty if nothing is. */
export const leftOut: string = [
  modelsFolder ? '' : ' [left out: MOBILENETV2_MODELS is not set]',
  photosFolder ? '' : ' [left out: MOBILENETV2_PHOTOS is not set]',
].join('')

/** A labelled photo: its path and its ImageNet class. */
export interface Photo {
  readonly path: string
  readonly name: string
  readonly classIndex: number
}

/** The labelled photos of `MOBILENETV2_PHOTOS`, from its `labels.csv`. */
export function labelledPhotos(): Photo[] {
  if (photosFolder === undefined) return []
  const [, ...rows] = readFileSync(join(photosFolder, 'labels.csv'), 'utf8').trim().split('\n')
  return rows.map((row) => {
    const [name = '', classIndex] = row.split(',')
    return { path: join(photosFolder, name), name, classIndex: Number(classIndex) }
  })
}

/** A class and its score in steps of 1/256. */
type NativeAnswer = readonly [index: number, score: number]

/** The best classes of each photo by the native integer runtime, from `expected.json`. */
export function nativeAnswers(model: string): ReadonlyMap<string, readonly NativeAnswer[]> {
  if (photosFolder === undefined) return new Map()
  const expected = JSON.parse(readFileSync(join(photosFolder, 'expected.json'), 'utf8'))
  return new Map(Object.entries(expected[model].top5_of_each as Record<string, NativeAnswer[]>))
}

/** The accuracies of the native integer runtime on all photos, from `expected.json`: shares from 0 to 1. */
export function nativeAccuracies(model: string): { readonly accuracy: number; readonly top5: number } {
  const expected = JSON.parse(readFileSync(join(photosFolder ?? '', 'expected.json'), 'utf8'))
  return { accuracy: expected[model].top1, top5: expected[model].top5 }
}

/** Best class of each photo by the native integer runtime. */
export function nativeBest(model: string): ReadonlyMap<string, number> {
  return new Map([...nativeAnswers(model)].map(([name, [best]]) => [name, best?.[0] ?? -1]))
}
