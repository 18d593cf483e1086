import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

/** A registry's description of a package that has one version, that of a tarball. */
function describe(name, tarball, address) {
  const manifest = JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }))
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
  const { version } = manifest
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, dist: { tarball: `${address}/-/${encodeURIComponent(name)}.tgz`, integrity } } },
  }
}

/**
 * A registry for npm that has some packed packages. For all others it redirects to the registry that npm is set to.
 * @param tarballs the path of each package's tarball, by its name
 */
export async function startRegistry(tarballs) {
  const others = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/$/, '')
  const server = createServer(({ url, headers }, response) => {
    response.setHeader('Cache-Control', 'no-store')
    const [, packed] = /^\/-\/(.+)\.tgz$/.exec(url) ?? []
    const tarball = tarballs.get(decodeURIComponent(packed ?? url.slice(1)))
    if (tarball === undefined) response.writeHead(302, { Location: `${others}${url}` }).end()
    else if (packed !== undefined) response.end(readFileSync(tarball))
    else {
      const name = decodeURIComponent(url.slice(1))
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(describe(name, tarball, `http://${headers.host}`)))
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }
}
