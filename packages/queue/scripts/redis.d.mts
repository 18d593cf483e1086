import type { ChildProcess } from 'node:child_process'

export function freePort(): Promise<number>
export function startRedis(port: number, folder: string, more?: readonly string[]): Promise<ChildProcess>
export function end(child: ChildProcess, signal?: NodeJS.Signals): Promise<void>
