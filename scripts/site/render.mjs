import { anchors } from '../docs/markdown.mjs'
import { highlight, lang, markdownIt } from './tools.mjs'

const markdown = markdownIt({
  html: true,
  highlight: (code, name) => (name === '' ? '' : highlight(code.trimEnd(), { lang: lang(name) })),
})

// Wide tables scroll by themselves, so that the page does not.
markdown.renderer.rules.table_open = () => '<div class="wide"><table>\n'
markdown.renderer.rules.table_close = () => '</table></div>\n'

/**
 * A page in Markdown as HTML: its title, its body, and the headings of its second level.
 * @param linkOf gives the target in the site for a link of the page
 */
export function renderPage(text, linkOf) {
  const tokens = markdown.parse(text, {})
  const ids = anchors(text)
  const sections = []
  let title = ''
  tokens.forEach((token, index) => {
    if (token.type === 'heading_open') {
      const id = ids.shift()
      token.attrSet('id', id)
      const plain = tokens[index + 1].children.map(({ content }) => content).join('')
      if (token.tag === 'h1') title ||= plain
      if (token.tag === 'h2') sections.push({ id, title: plain })
    }
    for (const child of token.children ?? []) {
      if (child.type === 'link_open') child.attrSet('href', linkOf(child.attrGet('href')))
      if (child.type === 'image') child.attrSet('src', linkOf(child.attrGet('src')))
    }
  })
  return { title, body: markdown.renderer.render(tokens, markdown.options, {}), sections }
}
