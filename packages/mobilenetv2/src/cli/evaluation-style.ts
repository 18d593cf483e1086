/** The style of an evaluation's page: light or dark as the reader's system, for screens of 320 pixels and more. */
export const pageStyle: string = `
:root { color-scheme: light dark; --back: #fff; --card: #f4f5f7; --text: #1b1f24; --dim: #5b6470; --line: #d5d9df; --good: #1a7f4b; --bad: #c0392b; --bar: #2f6fd0 }
@media (prefers-color-scheme: dark) { :root { --back: #14171b; --card: #1f242a; --text: #e8eaed; --dim: #9aa4b0; --line: #39414a; --good: #57c98a; --bad: #ff8a7a; --bar: #6ea8ff } }
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 1100px; margin: 0 auto; padding: 16px }
h1, h2, h3 { line-height: 1.2; margin: 1.6em 0 .5em } h1 { margin-top: .5em } h3 { font-size: 1em; margin: 0 0 .5em }
p { margin: 0 0 .6em } .model, .remark, figcaption, .file { color: var(--dim); font-size: .875em; overflow-wrap: anywhere }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 12px; margin: 1em 0 }
.tile { background: var(--card); border-radius: 8px; padding: 12px } .tile dt { font-size: .875em; color: var(--dim) }
.tile dd { margin: 0; font-size: 1.5em; font-variant-numeric: tabular-nums } .tile .remark { font-size: .8em }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: 4px 10px; text-align: right; border-bottom: 1px solid var(--line) }
th { font-size: .875em; font-weight: 600 } th, td { white-space: nowrap } th:first-child, td:first-child { text-align: left; white-space: normal; min-width: 8em }
.pairs th, .pairs td { text-align: left; white-space: normal }
@media (max-width: 500px) { th, td { padding: 4px 5px } th:first-child, td:first-child { min-width: 6em } }
.confusion th, .confusion td { padding: 4px 6px; min-width: 2em; text-align: center }
.confusion span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.confusion thead th { vertical-align: bottom } .confusion thead span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 11em; margin: auto }
.confusion th:first-child { text-align: left; position: sticky; left: 0; background: var(--back) } .confusion th:first-child span { max-width: min(15em, 34vw) }
.confusion .right { background: color-mix(in srgb, var(--good) calc(var(--share) * .6), transparent) }
.confusion .wrong { background: color-mix(in srgb, var(--bad) calc(var(--share) * .6), transparent) }
.mistakes { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 12px }
.mistakes li { background: var(--card); border-radius: 8px; padding: 10px; overflow-wrap: anywhere } .mistakes p { margin: .3em 0 0; font-size: .9em }
.mistakes img { display: block; width: 100%; height: 150px; object-fit: contain } .good { color: var(--good) } .bad { color: var(--bad) }
.diagrams { display: flex; flex-wrap: wrap; gap: 24px } figure { margin: 0; max-width: 380px } svg { width: 100%; height: auto }
svg text { fill: var(--dim); font-size: 11px } .frame { fill: none; stroke: var(--line) } .bars { fill: var(--bar) } .diagonal { stroke: var(--text); stroke-dasharray: 4 4 }
`
