import { join, normalize } from 'node:path'

/**
 * The groups of the site's menu, as docs/README.md lists them: the links of each list under a heading.
 * @param folder the folder of the page; the targets in the result are paths from the root
 */
export function readOrder(text, folder) {
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [heading, ...lines] = part.split('\n')
      const links = Array.from(lines.join('\n').matchAll(/\[([^\]]+)\]\(([^)#]+)\)/g), ([, title, target]) => ({
        title: title[0].toUpperCase() + title.slice(1),
        target: normalize(join(folder, target)),
      }))
      return { heading, links }
    })
}
