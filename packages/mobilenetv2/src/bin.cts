#!/usr/bin/env node
// Pictures are decoded on libuv's threads, each of which keeps memory for itself of the size of a photo or two; more of them than
// processors are memory for nothing. Their number must be there before the first of them starts, which loading an ES module does.
import os = require('node:os')

process.env.UV_THREADPOOL_SIZE ??= String(Math.min(4, os.availableParallelism()))
import('./cli.js')
