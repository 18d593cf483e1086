import { register } from 'node:module'

// An import of vitest gets the stand-in in vitest.mjs.
const standIn = new URL('vitest.mjs', import.meta.url).href
const hook = `export const resolve = (specifier, context, next) =>
  specifier === 'vitest' ? { url: ${JSON.stringify(standIn)}, shortCircuit: true } : next(specifier, context)`
register(`data:text/javascript,${encodeURIComponent(hook)}`)

/** A built module of this workspace, by its path from `packages`. */
export const load = (path) => import(new URL(`../../packages/${path}`, import.meta.url).href)
