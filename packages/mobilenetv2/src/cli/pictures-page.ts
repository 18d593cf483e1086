import pMap from 'p-map'
import { htmlPage, shortName } from './html-page.js'
import { htmlText } from './html-text.js'
import { thumbnail } from './thumbnail.js'

/** A picture in a page. */
export interface ShownPicture {
  readonly path: string
  /** What is said about it, in a few words. */
  readonly caption: string
}

/** Pictures under one heading. */
export interface ShownGroup {
  readonly title: string
  readonly pictures: readonly ShownPicture[]
}

/** Most pictures in a page. Each takes about 10 kB. */
const mostShown = 1000

async function card({ path, caption }: ShownPicture): Promise<string> {
  const url = await thumbnail(path)
  const image = url === null ? '' : `<img src="${url}" alt="">`
  return `<li>${image}<p class="file" title="${htmlText(path)}">${htmlText(shortName(path))}</p><p>${htmlText(caption)}</p></li>`
}

async function section({ title, pictures }: ShownGroup, most: number): Promise<string> {
  const shown = pictures.slice(0, most)
  const cards = await pMap(shown, card, { concurrency: 4 })
  const rest = pictures.length - shown.length
  return `<section><h2>${htmlText(title)}</h2>
<ol class="mistakes">${cards.join('\n')}</ol>${rest === 0 ? '' : `<p class="remark">and ${rest} more</p>`}</section>`
}

/** Groups of pictures as one HTML file that fetches nothing, with the first `mostShown` pictures small. */
export async function picturesPage(title: string, groups: readonly ShownGroup[]): Promise<string> {
  const sections: string[] = []
  let left = mostShown
  for (const group of groups) {
    if (left === 0) break
    sections.push(await section(group, left))
    left -= Math.min(left, group.pictures.length)
  }
  const hidden = groups.length - sections.length
  const remark = hidden === 0 ? '' : `<p class="remark">${hidden} more groups are not shown.</p>`
  return htmlPage(title, `<h1>${htmlText(title)}</h1>\n${sections.join('\n')}\n${remark}`)
}
