/**
 * What is said of wrong words about classes, kinds and contexts.
 */
import type { ContextDefinition } from './model/context.ts';
import type { KindDefinition, LockKind, ReaderRule, WaitType } from './model/kind.ts';
import { type Check, checkEach, checkName, checkObject, type LockOptions, MILLISECONDS } from './options.ts';
import { shown } from './shown.ts';
import type { ContextTable } from './state/contexts.ts';

const WAITS: readonly WaitType[] = ['unchecked', 'free', 'spin', 'config', 'sleep'];
const READERS: readonly ReaderRule[] = ['none', 'plain', 'interrupt', 'as-asked', 'always'];
const IRQS: readonly LockKind['irq'][] = ['checked', 'local', 'none'];

const BOOLEAN: Check = [(value) => typeof value === 'boolean', 'true or false'];
const NAMES: Check = [
  (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  'a list of names',
];
const oneOf = (known: readonly unknown[]): Check => [(value) => known.includes(value), `one of ${known.join(', ')}`];

const TRAITS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['level', [(value) => typeof value === 'number' && !Number.isNaN(value), 'a number']],
  ['compare', [(value) => typeof value === 'function', 'a function']],
  ['reentrant', BOOLEAN],
  ['recursiveReaders', BOOLEAN],
  ['upgradable', BOOLEAN],
  ['owned', BOOLEAN],
  ['initialised', BOOLEAN],
  ['maxHoldMs', MILLISECONDS],
]);

const KIND: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['counting', BOOLEAN],
  ['readers', oneOf(READERS)],
  ['inner', oneOf(WAITS)],
  ['outer', oneOf(WAITS)],
  ['irq', oneOf(IRQS)],
  ['ordered', BOOLEAN],
  ['excludes', BOOLEAN],
  ['reentrant', BOOLEAN],
  ['overridesWait', BOOLEAN],
]);

const CONTEXT: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['limit', oneOf(WAITS.slice(1))],
  ['threadedLimit', oneOf(WAITS.slice(1))],
  ['masks', NAMES],
  ['needs', NAMES],
  ['counted', BOOLEAN],
  ['interrupts', BOOLEAN],
  ['interrupt', BOOLEAN],
  ['interruptWhenDisabled', BOOLEAN],
  ['atomic', BOOLEAN],
]);

/** @throws TypeError that names the first trait that is wrong, or that a lock of this kind cannot have */
export function checkTraits(options: LockOptions, kind: LockKind, contexts: ContextTable): void {
  checkEach({ ...options }, TRAITS);
  if (options.recursiveReaders === true && kind.readers === 'none') {
    throw new TypeError(`recursiveReaders: a lock of kind '${kind.name}' has no readers`);
  }
  for (const name of [options.inhibits ?? []].flat()) {
    if (contexts.find(name) === undefined) {
      const names = contexts.all.map((context) => context.name).join(', ');
      throw new TypeError(`inhibits: expected contexts out of ${names}, got ${shown(name)}`);
    }
  }
}

/** @throws TypeError that names the first part of a kind that is wrong */
export function checkKind(definition: KindDefinition): void {
  checkObject('kind', definition);
  checkName('kind: name', definition.name);
  refuseUnknown('kind', definition, KIND);
  checkEach({ ...definition }, KIND);
}

/** @throws TypeError that names the first part of a context that is wrong */
export function checkContext(definition: ContextDefinition, contexts: ContextTable): void {
  checkObject('context', definition);
  checkName('context: name', definition.name);
  refuseUnknown('context', definition, CONTEXT);
  checkEach({ ...definition }, CONTEXT);
  if (contexts.find(definition.name) !== undefined) {
    throw new TypeError(`context: there is a context '${definition.name}' already: give this one another name`);
  }
}

/** @throws TypeError if a context names another one that is not there */
export function checkContextNames(contexts: ContextTable): void {
  for (const { name, masks, needs } of contexts.all) {
    const stranger = [...masks, ...needs].find((other) => contexts.find(other) === undefined);
    if (stranger !== undefined) {
      const names = contexts.all.map((context) => context.name).join(', ');
      throw new TypeError(`context '${name}': masks and needs name contexts out of ${names}, got ${shown(stranger)}`);
    }
  }
}

function refuseUnknown(what: string, definition: object, known: ReadonlyMap<string, Check>): void {
  const stranger = Object.keys(definition).find((name) => name !== 'name' && !known.has(name));
  if (stranger !== undefined) {
    throw new TypeError(`${what}: ${shown(stranger)} is none of name, ${[...known.keys()].join(', ')}`);
  }
}
