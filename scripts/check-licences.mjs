// Lists the licences of the packages that the published packages depend on, as the lockfile states them. It refuses a licence that asks
// more of users than to keep its notice.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { published, root } from './published.mjs'

const permissive = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

/**
 * The place in the lockfile where Node finds a package that another one imports: in that package's own node_modules, else in those of the
 * folders above.
 */
function placeOf(name, from) {
  for (let folder = from; ; folder = folder.replace(/(^|\/)[^/]*$/, '')) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (place in packages) return packages[place].link ? packages[place].resolved : place
    if (folder === '') throw new Error(`The lockfile has no ${name} for ${from}.`)
  }
}

const brought = new Set(published.map(({ folder }) => folder))
for (const place of brought) for (const name of Object.keys(packages[place].dependencies ?? {})) brought.add(placeOf(name, place))

const byLicence = new Map()
for (const place of brought) {
  if (!place.includes('node_modules/')) continue
  const { license = 'none', version } = packages[place]
  byLicence.set(license, [...(byLicence.get(license) ?? []), `${place.replace(/^.*node_modules\//, '')} ${version}`])
}
for (const [licence, names] of byLicence) console.log(`${licence}: ${names.toSorted().join(', ')}`)

/** Whether one of the alternatives of an SPDX expression asks only to keep the notice. */
const isPermissive = (licence) =>
  licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((alternative) => alternative.split(' AND ').every((one) => permissive.includes(one)))

const refused = [...byLicence.keys()].filter((licence) => !isPermissive(licence))
for (const licence of refused) console.error(`${licence} is not one of these: ${permissive.join(', ')}`)
process.exitCode = refused.length > 0 ? 1 : 0
