import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { sharePictures } from './share-pictures.mjs'

const titles = {
  inside: ['Look inside a neural network', 'A picture on its way through the 17 blocks of MobileNetV2, in your browser.'],
  why: ['Why MobileNetV2 works', 'A spiral, a slider and two blocks: why its bottlenecks are linear.'],
  teach: ['Teach a neural network your own classes', 'A few pictures of each class, a second of training, all in your browser.'],
  race: ['Race the backends', 'MobileNetV2 on every backend of your browser, and in the libraries of others.'],
}

const start = [
  'MobileNetV2: a 4 MB neural network, running in your browser',
  'It says what a picture shows. No picture is uploaded.',
]

/** The address of the site, for services that take whole addresses only; without it addresses are relative. */
const site = process.env.MOBILENETV2_SITE?.replace(/\/?$/, '/') ?? './'

const tags = (part, [title, description]) => [
  { tag: 'meta', attrs: { property: 'og:type', content: 'website' } },
  { tag: 'meta', attrs: { property: 'og:title', content: title } },
  { tag: 'meta', attrs: { property: 'og:description', content: description } },
  { tag: 'meta', attrs: { property: 'og:image', content: `${site}share/${part}.png` } },
  { tag: 'meta', attrs: { name: 'twitter:card', content: 'summary_large_image' } },
]

const html = ({ tag, attrs }) =>
  `<${tag} ${Object.entries(attrs)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')}>`

/**
 * A page for links to one part of the site: it has the part's title and picture, and leads on to the part. The text after # in an
 * address never reaches a server, so a server could not tell the parts apart.
 */
const pageOf = (part) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${titles[part][0]}</title>
<meta name="description" content="${titles[part][1]}">
${tags(part, titles[part]).map(html).join('\n')}
<meta http-equiv="refresh" content="0; url=./#${part}">
</head>
<body><p><a href="./#${part}">${titles[part][0]}</a></p></body>
</html>
`

/** Pages and pictures for links to the site, and its icons in pixels. */
export function sharePages() {
  return {
    name: 'share-pages',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        // The first picture is wanted before the script asks for it.
        const first = Object.keys(bundle ?? {}).find((name) => /alps-[^.]*\.jpg$/.test(name))
        const preload = (href) => ({ tag: 'link', attrs: { rel: 'preload', href, as: 'fetch', crossorigin: '' } })
        const all = [...tags('classify', start), ...(first === undefined ? [] : [preload(`./${first}`), preload('./models.json')])]
        return all.map((tag) => ({ ...tag, injectTo: 'head' }))
      },
    },
    async generateBundle() {
      for (const [part, picture] of Object.entries(sharePictures)) {
        this.emitFile({ type: 'asset', fileName: `share/${part}.png`, source: await picture() })
      }
      for (const part of Object.keys(titles)) this.emitFile({ type: 'asset', fileName: `${part}.html`, source: pageOf(part) })
      const icon = readFileSync(new URL('../public/icon.svg', import.meta.url))
      for (const size of [192, 512]) {
        const source = await sharp(icon, { density: (72 * size) / 64 })
          .resize(size, size)
          .png()
          .toBuffer()
        this.emitFile({ type: 'asset', fileName: `icon-${size}.png`, source })
      }
    },
  }
}
