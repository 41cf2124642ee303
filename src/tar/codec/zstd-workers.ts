/**
 * The worker threads of the zstd encoder, shared by everything that this process compresses: started when first needed, at
 * most one per processor and four in all (each takes about 40 MiB), kept for the next layer without keeping the process alive.
 *
 * The worker's program is a text here instead of a file of its own, so that it needs no entry point in a bundle and no loader
 * for TypeScript; only the encoder package must be installed beside it, because it reads its .wasm file from disk.
 */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { InternalError } from '../../base/index.ts'

const program = `
const { parentPort, workerData } = require('node:worker_threads')
const encoder = require(workerData)
const ready = encoder.init()
parentPort.on('message', async ({ block, level }) => {
  await ready
  const frame = encoder.compress(block, level)
  parentPort.postMessage(frame, [frame.buffer])
})
`

interface Job {
  block: Uint8Array<ArrayBuffer>
  level: number
  resolve: (frame: Uint8Array) => void
  reject: (error: Error) => void
}

const waiting: Job[] = []
const idle: Worker[] = []
const maxWorkers = Math.min(availableParallelism(), 4)
let started = 0

/** Compresses a block into a zstd frame. The block's memory goes to the worker: it must not be used afterwards. */
export function encodeFrame(block: Uint8Array<ArrayBuffer>, level: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    waiting.push({ block, level, resolve, reject })
    dispatch()
  })
}

function dispatch(): void {
  while (waiting.length > 0) {
    const worker = idle.pop() ?? startWorker()
    if (!worker) return
    run(worker, waiting.shift() as Job)
  }
}

function startWorker(): Worker | undefined {
  if (started >= maxWorkers) return undefined
  started++
  return new Worker(program, {
    eval: true,
    workerData: fileURLToPath(import.meta.resolve('@bokuweb/zstd-wasm')),
  })
}

function run(worker: Worker, { block, level, resolve, reject }: Job): void {
  const settle = () => {
    worker.removeAllListeners('message').removeAllListeners('error').removeAllListeners('exit')
    worker.unref()
  }
  const fail = (cause: unknown) => {
    settle()
    started--
    reject(new InternalError('the zstd encoder failed', cause))
    dispatch()
  }
  worker.ref()
  worker.once('error', fail)
  worker.once('exit', fail)
  worker.once('message', (frame: Uint8Array) => {
    settle()
    idle.push(worker)
    resolve(frame)
    dispatch()
  })
  worker.postMessage({ block, level }, [block.buffer])
}
