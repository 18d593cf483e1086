#!/usr/bin/env node
// Pictures are decoded on libuv's threads. Each thread keeps memory of the size of one or two photos, and more threads than processors
// decode no faster. The number must be set before the first thread starts, and loading an ES module starts one.
import os = require('node:os')

process.env.UV_THREADPOOL_SIZE ??= String(Math.min(4, os.availableParallelism()))
import('./cli.js').catch(({ message }: Error) => {
  process.exitCode = 1
  console.error(
    `mobilenetv2 cannot be started: ${message}\n  what to do: Allow it to open more files (ulimit -n 1024). If that does not help, reinstall it.`,
  )
})
