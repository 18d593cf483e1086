/** The five classes of the models of nsfwjs by index (the package's `nsfw_classes.js`). */
export const nsfwjsLabels: readonly string[] = ['Drawing', 'Hentai', 'Neutral', 'Porn', 'Sexy']
