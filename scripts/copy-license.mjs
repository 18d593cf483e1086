// Copies the licence into the folder of the package that is being packed, which npm then puts into the tarball. It is the script `prepack`
// of each package, which `npm pack` and `npm publish` run in that folder.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const text = readFileSync(new URL('../LICENSE', import.meta.url), 'utf8')
// Two programs may pack one package at the same time: neither may read a file that the other is writing.
if (!existsSync('LICENSE') || readFileSync('LICENSE', 'utf8') !== text) writeFileSync('LICENSE', text)
