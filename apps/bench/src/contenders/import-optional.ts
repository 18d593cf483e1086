import { createRequire } from 'node:module'

function isMissing(error: unknown, name: string): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(String(code)) && (error as Error).message.includes(`'${name}'`)
}

/** From a folder that NODE_PATH names, where `import` does not look. */
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
 * A package that the bench measures only where somebody has installed it, or has named its folder of `node_modules` in NODE_PATH; it is
 * no dependency of the project.
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
