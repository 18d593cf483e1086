import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import * as esbuild from 'esbuild'
import { type LogHandlerWithDefault, rollup } from 'rollup'
import * as vite from 'vite'
import webpack from 'webpack'

interface Bundler {
  readonly name: string
  /** Rollup does not minify without a plugin. */
  readonly minifies: boolean
  /**
   * Bundles `main.js` of a project, and puts its `index.html` beside. No setting is there for the sake of `mobilenetv2`.
   * @returns its warnings
   */
  bundle(project: string, output: string): Promise<readonly string[]>
}

function copyPage(project: string, output: string): void {
  cpSync(join(project, 'index.html'), join(output, 'index.html'))
}

/** The bundlers that are promised to take `mobilenetv2` as it is. */
export const bundlers: readonly Bundler[] = [
  {
    name: 'esbuild',
    minifies: true,
    async bundle(project, outdir) {
      const entryPoints = [join(project, 'main.js')]
      const options = { bundle: true, format: 'esm', splitting: true, minify: true, logLevel: 'silent' } as const
      const { warnings } = await esbuild.build({ entryPoints, outdir, ...options })
      copyPage(project, outdir)
      return warnings.map(({ text }) => text)
    },
  },
  {
    name: 'Vite',
    minifies: true,
    async bundle(root, outDir) {
      const warnings: string[] = []
      const customLogger = { ...vite.createLogger('silent'), warn: (text: string) => void warnings.push(text) }
      await vite.build({ root, build: { outDir }, customLogger })
      return warnings
    },
  },
  {
    name: 'webpack',
    minifies: true,
    async bundle(context, path) {
      const warnings = await new Promise<string[]>((resolve, reject) => {
        webpack({ mode: 'production', context, entry: './main.js', output: { path } }, (error, stats) => {
          if (stats?.hasErrors() === false) resolve(stats.toJson({ warnings: true }).warnings!.map(({ message }) => message))
          else reject(error ?? new Error(stats?.toString('errors-only')))
        })
      })
      copyPage(context, path)
      return warnings
    },
  },
  {
    name: 'Rollup',
    minifies: false,
    async bundle(project, dir) {
      const warnings: string[] = []
      // Rollup also warns of code in other packages.
      const onLog: LogHandlerWithDefault = (_, { code, message }) => void (code === 'UNRESOLVED_IMPORT' && warnings.push(message))
      // Rollup finds no packages without this plugin.
      const bundle = await rollup({ input: join(project, 'main.js'), plugins: [nodeResolve()], onLog })
      await bundle.write({ dir })
      await bundle.close()
      copyPage(project, dir)
      return warnings
    },
  },
]
