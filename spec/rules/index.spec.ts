import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tables from '../../lib/rules/index.ts';

const LIB = join(__dirname, '../../lib');

/** The ids that the model knows, read from its source: types leave nothing at run time. */
function ruleIds(): string[] {
  const text = readFileSync(join(LIB, 'model/violation.ts'), 'utf8');
  const union = /export type RuleId =([^;]*);/.exec(text)?.[1] ?? '';
  return [...union.matchAll(/'([a-z-]+)'/g)].map(([, id]) => id as string);
}

const camel = (id: string): string => id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

describe('the rules', () => {
  it('have one file each, named by their id', () => {
    const files = readdirSync(join(LIB, 'rules')).map((file) => file.replace(/\.ts$/, ''));
    expect(ruleIds().length).toBeGreaterThan(5);
    expect(ruleIds().filter((id) => !files.includes(id))).toEqual([]);
  });

  it('stand in a table each, under the name of their file', () => {
    const rows = Object.values(tables).flatMap((table) => table.map((rule) => rule.name));
    expect([...new Set(rows)].sort()).toEqual(ruleIds().map(camel).sort());
  });

  it('are judged in a fixed order when a lock is asked for: what is certain first', () => {
    expect(tables.ACQUIRE_RULES.map((rule) => rule.name)).toEqual(['recursion', 'poolNesting', 'orderCycle']);
  });
});
