import { sep } from 'node:path'
import { pageStyle } from './evaluation-style.js'
import { htmlText } from './html-text.js'

/** The name of a file, behind the name of its folder. */
export const shortName = (path: string): string => path.split(sep).slice(-2).join('/')

/** One HTML file that fetches nothing. Its policy forbids scripts and everything that is not in the file. */
export function htmlPage(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${htmlText(title)}</title>
<style>${pageStyle}</style>
<main>
${content}
</main>
</html>
`
}
