/** The style sheet of the report, for light and dark mode. The charts never set red against green. */
export const styleSheet: string = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f7f8fa, #14171c);
  --card: light-dark(#ffffff, #1c2027);
  --ink: light-dark(#1b2330, #e6eaf0);
  --quiet: light-dark(#5b6675, #9aa5b4);
  --rule: light-dark(#dfe3e9, #313843);
  --own: light-dark(#0b63ce, #5aa4ff);
  --own-second: light-dark(#9cc4f2, #2d5a94);
  --peer: light-dark(#8a96a6, #76839a);
  --peer-second: light-dark(#cdd4dd, #455062);
  --other: light-dark(#b45309, #f0a04b);
  --kind-expand: light-dark(#0e7c9b, #4cc1de);
  --kind-depthwise: light-dark(#0f8a6a, #3fbf9b);
  --kind-project: light-dark(#b45309, #f0a04b);
  --kind-ends: light-dark(#8b5cb8, #b58ae0);
  --band: light-dark(#e4f1ea, #1f322b);
  --error: light-dark(#a33a1f, #f0906f);
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1 { margin: 0 0 .4rem; font-size: 1.9rem; line-height: 1.2; letter-spacing: -.01em }
h2 { margin: 0; font-size: 1.25rem }
header p, section > p { margin: .15rem 0; color: var(--quiet); max-width: 48rem }
section { margin-top: 3rem }
figure { margin: 1rem 0 0; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--rule); border-radius: .6rem; overflow-x: auto }
figcaption { margin-bottom: .6rem; font-weight: 600 }
svg { display: block; width: 100%; height: auto }
.bars { min-width: 38rem }
svg text { font: 12.5px system-ui, sans-serif; fill: var(--ink); font-variant-numeric: tabular-nums; white-space: pre }
svg .value { fill: var(--quiet) }
svg .tick { fill: var(--quiet); font-size: 11.5px }
svg .end { text-anchor: end }
svg .middle { text-anchor: middle }
.axis { stroke: var(--quiet); fill: none }
.grid { stroke: var(--rule); fill: none }
.range { stroke: var(--ink); stroke-width: 2; fill: none }
.gap { stroke: var(--card); stroke-width: 3; fill: none }
.band { fill: var(--band) }
.own, .kind-block { fill: var(--own); background: var(--own) }
.own-second { fill: var(--own-second); background: var(--own-second) }
.peer { fill: var(--peer); background: var(--peer) }
.peer-second { fill: var(--peer-second); background: var(--peer-second) }
.other { fill: var(--other); background: var(--other) }
.kind-expand { fill: var(--kind-expand); background: var(--kind-expand) }
.kind-depthwise { fill: var(--kind-depthwise); background: var(--kind-depthwise) }
.kind-project { fill: var(--kind-project); background: var(--kind-project) }
.kind-ends { fill: var(--kind-ends); background: var(--kind-ends) }
.line { fill: none; stroke-width: 2 }
.line.own { stroke: var(--own) }
.line.other { stroke: var(--other) }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.3rem; font-size: .9rem }
.swatch { display: inline-block; width: .8rem; height: .8rem; margin-right: .45rem; border-radius: .15rem; vertical-align: -.05rem }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .8rem; margin-top: 1.6rem }
.tile { padding: .9rem 1.1rem; background: var(--card); border: 1px solid var(--rule); border-radius: .6rem }
.tile b { display: block; font-size: 1.6rem; line-height: 1.25; color: var(--own); font-variant-numeric: tabular-nums }
.tile span { color: var(--quiet); font-size: .88rem; line-height: 1.35; display: block }
.pairs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 0 1rem }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .84rem; font-variant-numeric: tabular-nums }
th, td { padding: .35rem .5rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule) }
th { color: var(--quiet); font-weight: 500 }
th:first-child, td:first-child, .error { text-align: left }
td small { display: block; color: var(--quiet) }
.error { white-space: normal; color: var(--error) }
@media print { body { background: none } figure { break-inside: avoid } }
`
