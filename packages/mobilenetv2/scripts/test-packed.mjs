// Packs every published package, and follows each README in a project of its own: installs what its first command installs, from the
// tarballs and from npm's registry, and runs its code on the oldest Node that is promised and in a page.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeBeside } from '../../../scripts/install-beside.mjs'
import { packAll } from '../../../scripts/pack-packages.mjs'
import { published } from '../../../scripts/published.mjs'
import { runTests } from './run-tests.mjs'

const [, oldest] = /^\^(\d+\.\d+\.\d+)/.exec(published[0].manifest.engines.node)

const folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-packed-'))
process.on('exit', () => rmSync(folder, { recursive: true }))
packAll(folder)
runTests('readmes', { MOBILENETV2_PACKED: folder, MOBILENETV2_OLDEST_NODE: nodeBeside(oldest) })
