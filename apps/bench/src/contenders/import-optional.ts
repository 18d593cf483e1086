function isMissing(error: unknown, name: string): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`'${name}'`)
}

/**
 * A package that the bench measures only where somebody has installed it; it is no dependency of the project.
 * @throws Error with the command that installs it
 */
export async function importOptional<Exports>(name: string): Promise<Exports> {
  try {
    return (await import(name)) as Exports
  } catch (error) {
    if (isMissing(error, name)) throw new Error(`not installed: npm install --no-save ${name}`)
    throw error
  }
}
