/** Says in a few words what is on a picture. */
export async function caption(model, picture) {
  const [best] = await model.classify(picture, { top: 1, threshold: 0.5 })
  return best === undefined ? 'something' : best.label
}
