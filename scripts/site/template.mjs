const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const link = (href, title, attributes = '') => `<a href="${escaped(href)}"${attributes}>${escaped(title)}</a>`

/**
 * The HTML of a page.
 * @param toSite the address of a place in the site, from this page
 * @param groups the menu: headings, and links by their sources' paths
 */
export function page({ source, place, title, body, sections, toSite, groups, placeOf }) {
  const language = /(^|\/)ko\/|\.ko\.md$/.test(source) ? 'ko' : 'en'
  const entry = ({ title: name, target }) =>
    `<li>${link(toSite(placeOf(target)), name, placeOf(target) === place ? ' aria-current="page"' : '')}</li>`
  const menu = groups.map(({ heading, links }) => `<h2>${escaped(heading)}</h2>\n<ul>${links.map(entry).join('')}</ul>`).join('\n')
  const inOrder = groups.flatMap(({ links }) => links)
  const at = inOrder.findIndex(({ target }) => target === source)
  const [before, behind] = at < 0 ? [] : [inOrder[at - 1], inOrder[at + 1]]
  const neighbour = (to, relation, arrow) =>
    to === undefined ? '<span></span>' : link(toSite(placeOf(to.target)), `${arrow} ${to.title}`, ` rel="${relation}"`)
  const contents = sections.map(({ id, title: name }) => `<li>${link(`#${id}`, name)}</li>`).join('')
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${toSite('style.css')}">
</head>
<body>
<header>${link(toSite('index.html'), 'mobilenetv2')}${link(toSite('docs/index.html'), 'Documentation')}</header>
<div class="columns">
<nav class="menu" aria-label="Pages">
${menu}
</nav>
<main>
${body}<footer>${neighbour(before, 'prev', '←')}${neighbour(behind, 'next', '→')}</footer>
</main>
<nav class="contents" aria-label="On this page"><ul>${contents}</ul></nav>
</div>
</body>
</html>
`
}
