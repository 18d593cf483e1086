#!/usr/bin/env node
// Pictures are decoded on libuv's threads, each of which keeps memory for itself of the size of a photo or two; more of them than
// processors are memory for nothing. Their number must be there before the first of them starts, which loading an ES module does.
import os = require('node:os')

process.env.UV_THREADPOOL_SIZE ??= String(Math.min(4, os.availableParallelism()))
import('./cli.js').catch(({ message }: Error) => {
  process.exitCode = 1
  console.error(
    `mobilenetv2 cannot be started: ${message}\n  what to do: Let it open more files (ulimit -n 1024). If that does not help, install it anew.`,
  )
})
