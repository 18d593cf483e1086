// This file is imported lazily, because most pages do not evaluate.
import { createPause } from '@mobilenetv2/runtime'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'
import { type LabelledPictures, openLabelledPictures } from '../labelled-pictures.js'
import type { Model } from '../model.js'
import { isOfPicture, noneCanBeRead, type SkippedPicture } from '../skipped-pictures.js'
import type { Evaluation } from './evaluation.js'
import { type ModelClasses, matchClasses } from './match-classes.js'
import { checkEvaluateOptions, type EvaluateOptions } from './options.js'
import { createTally } from './tally.js'

/**
 * The classes that a network can answer with.
 * @throws MobileNetV2Error `OPTION` if there is only one
 */
function classesOf({ architecture, classes: { labels, background }, source }: Network): ModelClasses {
  const count = labels.length || architecture.classes - (background === null ? 0 : 1)
  if (count > 1) return { labels, count }
  throw new MobileNetV2Error('OPTION', 'This model has one class, so there is nothing to tell apart.', {
    where: `file ${source.file}`,
    remedy: "If its output tells a class from its absence, name both: load(file, { labels: ['no cat', 'cat'] }).",
  })
}

/** @throws MobileNetV2Error as `Model.evaluate` */
export async function evaluate(model: Model, pictures: LabelledPictures, options: EvaluateOptions): Promise<Evaluation> {
  const { mistakes, temperature } = checkEvaluateOptions(options)
  const { labels, signal, background, decode, onProgress } = options
  // Refuses a model without a classifier, a wrong background and a wrong decoding before a folder is read.
  await model.classifyBatch([], { signal, background, decode }).next()
  const { classes, source } = model.network
  const modelClasses = classesOf(model.network)
  const { pictures: labelled, leftOut } = await openLabelledPictures(pictures, labels, { signal })
  const indices = await matchClasses(new Set(labelled.map(({ label }) => label)), modelClasses)
  signal?.throwIfAborted()

  const nameOf = (index: number): string => modelClasses.labels[index] ?? `class ${index}`
  const tally = createTally({ classes, nameOf, mistakes, temperature })
  const skipped: SkippedPicture[] = []
  const start = performance.now()
  let done = 0
  for await (const outcome of model.classifyBatch(
    labelled.map(({ picture }) => picture),
    { top: 5, signal, background, decode },
  )) {
    const { picture, label } = labelled[done]!
    if (!('error' in outcome)) tally.take(picture, indices.get(label)!, outcome)
    else if (isOfPicture(outcome.error)) skipped.push({ picture, label, error: outcome.error })
    else throw outcome.error
    done += 1
    onProgress?.({ done, total: labelled.length })
  }
  const picturesPerSecond = (1000 * done) / (performance.now() - start)
  if (skipped.length === done) throw noneCanBeRead(skipped)
  return {
    model: source.file,
    backend: model.backend,
    device: model.device,
    picturesPerSecond,
    modelClasses: modelClasses.count,
    ...(await tally.rates(createPause(signal))),
    skipped,
    leftOut,
  }
}
