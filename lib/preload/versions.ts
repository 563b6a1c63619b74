/**
 * Versions of installed packages, and which of them an adapter knows.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Adapter } from '../adapters/adapter.ts';

/** The version of the package in a folder, or `unknown`. */
export function versionOf(dir: string | undefined): string {
  try {
    const text = readFileSync(path.join(dir ?? '', 'package.json'), 'utf8');
    // A leading `v` is no part of it, whoever wrote it.
    return String((JSON.parse(text) as { version?: unknown }).version).replace(/^v/, '');
  } catch {
    return 'unknown';
  }
}

export function isSupported(version: string, { from, below }: Adapter['versions']): boolean {
  return compare(version, from) >= 0 && compare(version, below) < 0;
}

function compare(left: string, right: string): number {
  const [one, two] = [left, right].map((version) => version.split(/[.-]/).slice(0, 3).map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (one?.[at] ?? 0) - (two?.[at] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
