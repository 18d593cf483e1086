// Labelled pictures as evaluating and teaching take them. This file is imported lazily.
import { brandOf, type Global, MobileNetV2Error, refuseOption } from '@mobilenetv2/spec'
import { openLabelledFolder } from '#labelled-folder'
import type { PictureSource } from './picture-source.js'

/**
 * Pictures with their classes: an object of label to pictures; or, in Node, the path of a folder. The folder has a subfolder for each
 * class, named by its label, or it has pictures and a label file.
 */
export type LabelledPictures = string | { readonly [label: string]: Iterable<PictureSource> }

/** A picture, and the class that it shows. */
export interface LabelledPicture {
  readonly picture: PictureSource
  readonly label: string
}

/** Labelled pictures in a list. */
export interface OpenedPictures {
  /** One or more. The pictures of a class follow each other, unless a label file gives another order. */
  readonly pictures: readonly LabelledPicture[]
  /** What was left out, a sentence each. */
  readonly leftOut: readonly string[]
}

/** How labelled pictures are opened. */
interface OpenOptions {
  /** The name of the option that has the pictures, for messages; `pictures` unless given. */
  readonly name?: string | undefined
  /** Ends the listing of a folder with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

function noPictures(name: string): MobileNetV2Error {
  return new MobileNetV2Error('INPUT', 'There are no labelled pictures.', {
    where: `option ${name}`,
    expected: "pictures for each label, as in { cat: ['cat-1.jpg', 'cat-2.jpg'], dog: [dogFile] }",
  })
}

function isListOfPictures(value: unknown): value is Iterable<PictureSource> {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && Symbol.iterator in value
}

function openRecord(record: object, name: string): OpenedPictures {
  const leftOut: string[] = []
  const pictures = Object.entries(record).flatMap(([label, list]): LabelledPicture[] => {
    if (!isListOfPictures(list)) refuseOption(`${name}.${label}`, list, 'an array or another iterable of pictures')
    const labelled = Array.from(list, (picture) => ({ picture, label }))
    if (labelled.length === 0) leftOut.push(`The class ${label} has no pictures.`)
    return labelled
  })
  if (pictures.length === 0) throw noPictures(name)
  return { pictures, leftOut }
}

/**
 * Makes a list of labelled pictures. No picture is opened.
 * @param labelFile the path of a file with the labels of the pictures in a folder
 * @throws MobileNetV2Error `SOURCE` if a folder or a label file cannot be read, or in a browser; `INPUT` if there are no labelled pictures;
 * `OPTION` if this is neither a folder nor an object of lists; the signal's reason
 */
export async function openLabelledPictures(
  pictures: LabelledPictures,
  labelFile?: string,
  { name = 'pictures', signal }: OpenOptions = {},
): Promise<OpenedPictures> {
  if (typeof pictures === 'string') return openLabelledFolder(pictures, labelFile, signal)
  if (labelFile !== undefined) refuseOption('labels', labelFile, 'no label file, unless the pictures are given as a folder')
  if (typeof pictures !== 'object' || pictures === null || Symbol.iterator in pictures || brandOf(pictures) !== 'Object') {
    refuseOption(name, pictures, 'the path of a folder with a folder for each class, or an object of label to pictures')
  }
  return openRecord(pictures, name)
}
