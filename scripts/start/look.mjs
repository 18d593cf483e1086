import { cosineSimilarity, load } from '../../packages/mobilenetv2/dist/index.js'

/** The other picture whose features are most like those of this one. */
function mostLike(seen, looks) {
  const others = looks.filter((look) => look !== seen)
  const likeness = ({ features }) => cosineSimilarity(seen.features, features)
  const other = others.reduce((best, look) => (likeness(look) > likeness(best) ? look : best))
  return { name: other.name, similarity: likeness(other) }
}

/**
 * A model's results for pictures: for each one all answers, the features, the time, and the picture that is most like it.
 * @param id the model's id in the zoo
 * @param pictures name and path of each
 */
export async function look(id, pictures) {
  const model = await load(id)
  // The first run imports and compiles code, so it is not timed.
  await model.classify(pictures[0].path)
  const looks = []
  for (const { name, path } of pictures) {
    const { answers, milliseconds } = await model.classify(path, { top: 1000, detailed: true })
    looks.push({ name, answers, milliseconds, features: await model.embed(path) })
  }
  const { backend, device } = model
  model.dispose()
  return { backend, device, looks: looks.map((seen) => ({ ...seen, like: mostLike(seen, looks) })) }
}
