import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import typescript from 'typescript'
import { modules } from '../bundles/install.js'

/** A version of TypeScript that a user may have. */
export interface Compiler {
  readonly version: string
  /** Its errors in a project and in this workspace's packages there, but not in their dependencies. */
  errors(configuration: string): Promise<readonly string[]>
}

type TypeScript = typeof typescript

const foreign = /(^|[\\/])node_modules[\\/](?!@mobilenetv2[\\/]|mobilenetv2[\\/])/

/** A compiler that runs in this process. It reads a file once, though each project is checked by itself. */
function inProcess(ts: TypeScript): Compiler {
  const files = new Map<string, import('typescript').SourceFile | undefined>()
  return {
    version: ts.version,
    async errors(configuration) {
      const project = dirname(configuration)
      const { config } = ts.readConfigFile(configuration, ts.sys.readFile)
      const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, project)
      const host = ts.createCompilerHost(options)
      const { getSourceFile } = host
      // Whether a file is an ES module depends on the resolution.
      host.getSourceFile = (name, ...how) => {
        const key = `${options.moduleResolution} ${name}`
        if (!files.has(key)) files.set(key, getSourceFile(name, ...how))
        return files.get(key)
      }
      host.getCurrentDirectory = () => project
      const program = ts.createProgram({ rootNames: fileNames, options, host })
      const ours = program.getSourceFiles().filter(({ fileName }) => !foreign.test(fileName))
      const found = [
        ...errors,
        ...program.getOptionsDiagnostics(),
        ...program.getGlobalDiagnostics(),
        ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
      ]
      return found.map((diagnostic) => ts.formatDiagnostic(diagnostic, host).trimEnd())
    },
  }
}

/** The compiler that the workspace is built with, which has no API. */
const native: Compiler = {
  version: '7',
  async errors(configuration) {
    const tsc = join(modules, '@typescript', 'native', 'bin', 'tsc')
    const options = { cwd: dirname(configuration), encoding: 'utf8' } as const
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', configuration, '--pretty', 'false'], options).catch(
      (failed: { readonly stdout: string }) => failed,
    )
    return stdout.split('\n').filter((line) => /^\S/.test(line) && !foreign.test(line.split('(')[0]!.replaceAll('/', sep)))
  },
}

/** The folder of TypeScript 5.4, the oldest version that is supported. `npm run test:types` installs it beside the workspace. */
const oldest = process.env.MOBILENETV2_TYPESCRIPT_54

/** The versions of the workspace, and the oldest one if it is there. */
export const compilers: readonly Compiler[] = [
  ...(oldest === undefined ? [] : [inProcess(createRequire(import.meta.url)(oldest) as TypeScript)]),
  inProcess(typescript),
  native,
]

/** What is missing, for a test's title; empty if nothing is. */
export const oldestLeftOut: string =
  oldest === undefined ? 'TypeScript 5.4 [left out: npm run test:types installs it and runs this]' : ''
