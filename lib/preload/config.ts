/**
 * What a project says of itself: the field `lockdep` of the package.json in its root folder.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { KeyPattern } from '../adapters/key-pattern.ts';
import { type Budgets, checkBudgets } from '../options.ts';
import { shown } from '../shown.ts';

export interface Config {
  /** Modules with adapters of one's own, as paths from the root or names of packages. */
  readonly adapters: readonly string[];
  /** Patterns of keys. */
  readonly keys: readonly KeyPattern[];
  /** How long locks of a class may be held, by its name. */
  readonly budgets: Budgets;
}

export const NO_CONFIG: Config = { adapters: [], keys: [], budgets: {} };

/**
 * Reads the configuration. Where there is none everything is as it is by default.
 * @throws TypeError that says what is wrong in it
 */
export function readConfig(root: string): Config {
  const field = fieldOf(path.join(root, 'package.json'));
  if (field === undefined) {
    return NO_CONFIG;
  }
  if (typeof field !== 'object' || field === null || Array.isArray(field)) {
    throw new TypeError(`package.json: lockdep: expected an object, got ${shown(field)}`);
  }
  const unknown = Object.keys(field).find((name) => !Object.hasOwn(NO_CONFIG, name));
  if (unknown !== undefined) {
    throw new TypeError(
      `package.json: lockdep: there is no setting ${shown(unknown)}; there are ${Object.keys(NO_CONFIG).join(', ')}`,
    );
  }
  const { adapters = [], keys = [], budgets = {} } = field as { [Name in keyof Config]?: unknown };
  checkBudgets('package.json: lockdep.budgets', budgets);
  return { adapters: listOf('adapters', adapters, nameOf), keys: listOf('keys', keys, patternOf), budgets };
}

function fieldOf(file: string): unknown {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { lockdep?: unknown } | null)?.lockdep;
  } catch {
    // No package.json, or one that npm complains of.
    return undefined;
  }
}

function listOf<Item>(name: string, value: unknown, itemOf: (item: unknown) => Item): readonly Item[] {
  if (!Array.isArray(value)) {
    throw new TypeError(`package.json: lockdep.${name}: expected a list, got ${shown(value)}`);
  }
  return value.map(itemOf);
}

function nameOf(item: unknown): string {
  if (typeof item !== 'string' || item === '') {
    throw new TypeError(`package.json: lockdep.adapters: expected paths or names of packages, got ${shown(item)}`);
  }
  return item;
}

function patternOf(item: unknown): KeyPattern {
  const {
    pattern,
    sorted = false,
    ...others
  } = (typeof item === 'string' ? { pattern: item } : (item ?? {})) as Record<string, unknown>;
  const isRight = typeof pattern === 'string' && pattern !== '' && typeof sorted === 'boolean';
  if (!isRight || Object.keys(others).length > 0) {
    throw new TypeError(
      `package.json: lockdep.keys: expected patterns such as "account:*", or { "pattern": "account:*", "sorted": true }, got ${JSON.stringify(item)}`,
    );
  }
  return { pattern, sorted };
}
