import fs from 'node:fs';
import path from 'node:path';
import { RULE_IDS } from '../../lib/model/rule.ts';
import { removeWorlds, world } from './support/world.ts';

afterEach(removeWorlds);
afterEach(() => jest.restoreAllMocks());

const PAGES = path.join(__dirname, '../../docs/rules');

describe('explain', () => {
  test('prints the page of a rule, wherever it is called', async () => {
    const at = world();
    expect(await at.lockdep('explain', 'order-cycle')).toBe(0);
    expect(at.out).toBe(fs.readFileSync(path.join(PAGES, 'order-cycle.md'), 'utf8'));
    expect(at.err).toBe('');
  });

  test('lists all rules, each with its fact, on lines that fit a terminal', async () => {
    const at = world();
    expect(await at.lockdep('explain')).toBe(0);
    expect(at.out).toMatch(/^order-cycle {2,}Locks are taken in orders that contradict each other\.$/m);
    const listed = [...at.out.matchAll(/^([a-z-]+) {2,}\S/gm)].map(([, name]) => name);
    expect(listed).toEqual(RULE_IDS);
    expect(at.out.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(at.out).toMatch(/\n\nMore on one of them: lockdep explain <rule>\n$/);
    expect(at.err).toBe('');
  });

  test('has help', async () => {
    const at = world();
    expect(await at.lockdep('explain', '--help')).toBe(0);
    expect(at.out).toMatch(/^Usage: lockdep explain \[options\] \[rule\]\n/);
  });
});

describe('a rule that there is not is one line with the near ones, and exit code 2', () => {
  test.each([
    ['order-cycel', 'order-cycle'],
    ['cycle-order', 'one of order-cycle, release-order'],
    ['Recursion', 'recursion'],
    ['uninitialized', 'uninitialised'],
    ['irq', 'one of irq-order, irq-inversion, irq-inconsistent'],
    ['irqorder', 'irq-order'],
  ])('%s', async (name, near) => {
    const at = world();
    expect(await at.lockdep('explain', name)).toBe(2);
    expect(at.err).toBe(`lockdep: unknown rule '${name}' (Did you mean ${near}?); see lockdep explain\n`);
    expect(at.out).toBe('');
  });

  test.each([['xyzzy'], [''], ['r'], ['__proto__'], ['47838e46b1a3'], ['../how-it-works']])(
    '%j is near none',
    async (name) => {
      const at = world();
      expect(await at.lockdep('explain', name)).toBe(2);
      expect(at.err).toBe(`lockdep: unknown rule '${name}'; see lockdep explain\n`);
    },
  );

  test('and so are two rules at once', async () => {
    const at = world();
    expect(await at.lockdep('explain', 'stalled', 'recursion')).toBe(2);
    expect(at.err).toBe(
      "lockdep: too many arguments for 'explain'. Expected 1 argument but got 2; see lockdep explain --help\n",
    );
  });
});

test('a page that is not there is no defect of lockdep', async () => {
  jest.spyOn(fs, 'readFileSync').mockImplementation(() => {
    throw Object.assign(new Error('ENOENT: no such file or directory'), { code: 'ENOENT' });
  });
  const at = world();
  expect(await at.lockdep('explain', 'recursion')).toBe(2);
  expect(at.err).toBe('lockdep: cannot read the page of recursion: not found; install lockdep anew\n');
});
