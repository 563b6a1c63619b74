import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULE_IDS } from '../../lib/model/rule.ts';
import * as tables from '../../lib/rules/index.ts';

const LIB = join(__dirname, '../../lib');

/** Files beside the rules that several of them share. */
const SHARED: readonly string[] = [
  'assertion',
  'confidence',
  'finding',
  'index',
  'irq',
  'lifetime',
  'limit',
  'misuse',
  'order-rule',
  'pin',
  'release',
  'wait-limit',
  'witness',
];

/** Second functions of a rule, for another event than its first. */
const SECONDS = {
  blockingUpgrade: 'recursion',
  deadlockOf: 'deadlock',
  declaredTooLate: 'declared-order',
} as const;

const camel = (id: string): string => id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
const textOf = (file: string): string => readFileSync(join(LIB, file), 'utf8');
const namesOf = (table: readonly { readonly name: string }[]): string[] => table.map(({ name }) => name);

describe('the rules', () => {
  it('have one file each, named by their id', () => {
    const files = readdirSync(join(LIB, 'rules')).map((file) => file.replace(/\.ts$/, ''));
    expect(RULE_IDS.length).toBeGreaterThan(5);
    expect(files.sort()).toEqual([...RULE_IDS, ...SHARED].sort());
  });

  it('have one id each', () => {
    expect(new Set(RULE_IDS).size).toBe(RULE_IDS.length);
  });

  it('stand in a table each, under the name of their file', () => {
    const rows = Object.values(tables).flatMap((table) => namesOf(table));
    const all = [...new Set(rows)];
    expect(all.sort()).toEqual([...RULE_IDS.map(camel), ...Object.keys(SECONDS)].sort());
  });

  it.each(Object.entries(SECONDS))('have their second function in the same file: %s', (name, id) => {
    expect(textOf(`rules/${id}.ts`)).toContain(`export function ${name}(`);
  });

  it('are judged in a fixed order when a lock is asked for: what is certain first', () => {
    expect(namesOf(tables.ACQUIRE_RULES)).toEqual([
      'waitContext',
      'nestNotHeld',
      'recursion',
      'poolNesting',
      'levelOrder',
      'orderCycle',
    ]);
  });

  it('about locks that keep nobody out have a table each', () => {
    expect(namesOf(tables.SPLIT_KEY_RULES)).toEqual(['splitKey']);
    expect(namesOf(tables.LEASE_RULES)).toEqual(['leaseExpired']);
  });

  it('about locks of threads have a table each', () => {
    expect(namesOf(tables.OWNER_DEATH_RULES)).toEqual(['ownerDied']);
    expect(namesOf(tables.INVERSION_RULES)).toEqual(['priorityInversion']);
    expect(namesOf(tables.STARVATION_RULES)).toEqual(['starvation']);
    expect(namesOf(tables.THREAD_DEADLOCK_RULES)).toEqual(['deadlockOf']);
  });

  it('about contexts are judged where a usage is new, and where a dependency is', () => {
    expect(namesOf(tables.USAGE_RULES)).toEqual(['irqInconsistent', 'irqInversion']);
    expect(namesOf(tables.DEPENDENCY_RULES)).toEqual(['declaredOrder', 'irqOrder']);
  });

  it('tell a wrong release by what is worst of it first', () => {
    expect(namesOf(tables.RELEASE_RULES)).toEqual(['badRelease', 'wrongOwnerRelease', 'pinnedRelease', 'releaseOrder']);
    expect(namesOf(tables.CHANGE_RULES)).toEqual(['badRelease', 'wrongOwnerRelease']);
  });
});
