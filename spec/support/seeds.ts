/**
 * Runs a program of examples/seeds as its top comment says. Its threads load the built package, which is their half of the work.
 */
import { join } from 'node:path';
import { type ProcessResult, ROOT, run } from './run.ts';

/** Quick: the types are checked with those of the whole project, by `npm run check`. */
const ENV = {
  TS_NODE_TRANSPILE_ONLY: 'true',
  TS_NODE_COMPILER_OPTIONS: JSON.stringify({ isolatedDeclarations: false, rootDir: ROOT }),
};

/** @param file below examples/seeds */
export function runSeed(file: string): Promise<ProcessResult> {
  return run(['--require', 'ts-node/register', join('examples/seeds', file)], { env: ENV, timeoutMs: 55_000 });
}

/** The parts of what it prints, by their titles. */
export function partsOf({ stdout }: ProcessResult): ReadonlyMap<string, string> {
  const parts = stdout.split(/^── /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]));
}

/** The rules that a report names, in its order. An error begins with ✗, a warning with !. */
export function rulesIn(part: string | undefined): readonly string[] {
  return [...(part ?? '').matchAll(/^[✗!] ([a-z-]+) {2}/gm)].map(([, rule = '']) => rule);
}

/** The numbers that a pattern finds, all groups in one list. */
export function numbersIn(text: string | undefined, pattern: RegExp): readonly number[] {
  const [, ...groups] = pattern.exec(text ?? '') ?? [];
  return groups.map(Number);
}
