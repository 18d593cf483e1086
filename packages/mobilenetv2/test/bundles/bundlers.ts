import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import * as esbuild from 'esbuild'
import { rollup } from 'rollup'
import * as vite from 'vite'
import webpack from 'webpack'

interface Bundler {
  readonly name: string
  /** Rollup does not without a plugin. */
  readonly minifies: boolean
  /** Bundles `main.js` of a project, and puts its `index.html` beside. Nothing is set that is there for the sake of `mobilenetv2`. */
  bundle(project: string, output: string): Promise<void>
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
      await esbuild.build({ entryPoints, outdir, bundle: true, format: 'esm', splitting: true, minify: true, logLevel: 'error' })
      copyPage(project, outdir)
    },
  },
  {
    name: 'Vite',
    minifies: true,
    async bundle(root, outDir) {
      await vite.build({ root, build: { outDir }, logLevel: 'error' })
    },
  },
  {
    name: 'webpack',
    minifies: true,
    async bundle(context, path) {
      await new Promise<void>((resolve, reject) => {
        webpack({ context, entry: './main.js', output: { path } }, (error, stats) => {
          if (stats?.hasErrors() === false) resolve()
          else reject(error ?? new Error(stats?.toString('errors-only')))
        })
      })
      copyPage(context, path)
    },
  },
  {
    name: 'Rollup',
    minifies: false,
    async bundle(project, dir) {
      // It finds no package by itself, and warns of the optional one that is not there.
      const bundle = await rollup({ input: join(project, 'main.js'), plugins: [nodeResolve()], logLevel: 'silent' })
      await bundle.write({ dir })
      await bundle.close()
      copyPage(project, dir)
    },
  },
]
