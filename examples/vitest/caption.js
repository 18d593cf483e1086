/** What is on a picture, in a few words. */
export async function caption(model, picture) {
  const [best] = await model.classify(picture, { top: 1, threshold: 0.5 })
  return best === undefined ? 'something' : best.label
}
