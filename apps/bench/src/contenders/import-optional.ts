import { createRequire } from 'node:module'

function isMissing(error: unknown, name: string): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(String(code)) && (error as Error).message.includes(`'${name}'`)
}

/** Loads a package from a folder in NODE_PATH: `require` reads that variable, `import` does not. */
function requireOptional(name: string): object {
  try {
    const exports: object = createRequire(import.meta.url)(name)
    return { ...exports, default: exports }
  } catch (error) {
    if (isMissing(error, name)) throw new Error(`not installed: npm install --no-save ${name}`)
    throw error
  }
}

/**
 * Imports a package that is no dependency of the project. The bench measures it only if it is installed, or if NODE_PATH names a folder of
 * `node_modules` with it.
 * @throws Error with the command that installs it
 */
export async function importOptional<Exports>(name: string): Promise<Exports> {
  try {
    return (await import(name)) as Exports
  } catch (error) {
    if (isMissing(error, name)) return requireOptional(name) as Exports
    throw error
  }
}
