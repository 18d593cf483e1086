/** The longer side of a small picture in a page, in pixels. */
const thumbnailSize = 240

/** A small picture as a data URL; null if it cannot be made. */
export async function thumbnail(path: string): Promise<string | null> {
  const { default: sharp } = await import('sharp')
  const small = sharp(path)
    .rotate()
    .resize(thumbnailSize, thumbnailSize, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .jpeg({ quality: 75 })
  return small.toBuffer().then(
    (bytes) => `data:image/jpeg;base64,${bytes.toString('base64')}`,
    () => null,
  )
}
