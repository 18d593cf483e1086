import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The links of a site's pages that lead to no file of the site, or to no anchor of the page. Addresses of other sites are not checked. */
export function brokenLinks(site) {
  const pages = new Map(
    readdirSync(site, { recursive: true })
      .filter((name) => name.endsWith('.html') && !name.startsWith('api'))
      .map((name) => [name, readFileSync(join(site, name), 'utf8')]),
  )
  return Array.from(pages).flatMap(([name, html]) =>
    Array.from(html.matchAll(/\b(?:href|src)="([^"]*)"/g), ([, address]) => address)
      .filter((address) => {
        if (/^[a-z]+:/.test(address)) return false
        const [path, anchor] = address.split('#')
        const target = path === '' ? name : join(dirname(name), decodeURIComponent(path))
        const file = join(site, target)
        if (!existsSync(file) || statSync(file).isDirectory()) return true
        return Boolean(anchor) && pages.has(target) && !pages.get(target).includes(`id="${decodeURIComponent(anchor)}"`)
      })
      .map((address) => `site/${name}: ${address} leads nowhere`),
  )
}
