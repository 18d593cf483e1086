/** The five classes of nsfwjs's models, by class index (the package's `nsfw_classes.js`). */
export const nsfwjsLabels: readonly string[] = ['Drawing', 'Hentai', 'Neutral', 'Porn', 'Sexy']
