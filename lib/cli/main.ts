#!/usr/bin/env node
/**
 * The program `lockdep`. Everything else is in command.ts; here it meets the process.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { main } from './command.ts';

function versionOf(folder: string): string {
  const file = path.join(folder, 'package.json');
  const found = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }) : {};
  if (found.name === 'lockdep') {
    return found.version ?? 'unknown';
  }
  return folder === path.dirname(folder) ? 'unknown' : versionOf(path.dirname(folder));
}

function hasColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && stream.hasColors();
}

// `lockdep report | head` closes the pipe before the end, which is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
});

void main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  color: { out: hasColor(process.stdout), err: hasColor(process.stderr) },
  cwd: process.cwd(),
  env: process.env,
  preload: path.join(__dirname, '../preload/register.js'),
  version: versionOf(__dirname),
}).then((code) => {
  process.exitCode = code;
});
