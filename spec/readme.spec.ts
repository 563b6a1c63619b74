import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LibraryRow } from './libraries/row.ts';
import { commandOf, consoles, expectPrinted, Workplace } from './support/snippets.ts';

const ROOT = path.resolve(__dirname, '..');
const README = path.join(ROOT, 'README.md');

describe('the README', () => {
  const markdown = readFileSync(README, 'utf8');
  const shown = consoles(markdown);
  let place: Workplace;

  beforeAll(() => {
    place = new Workplace(markdown);
  });

  afterAll(() => place.remove());

  it('shows programs and what they print', () => {
    expect(shown.length).toBeGreaterThanOrEqual(3);
  });

  it.each(shown.map((block) => [commandOf(block), block] as const))('%s', (_, block) => {
    expectPrinted(README, block, place.run(block));
  });

  it('gives two commands that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(markdown).toContain('npm ci && npm run demo');
    expect(markdown).toContain('npm ci && npm test');
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']));
  });

  it('gives a reason for each runtime dependency', () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    for (const name of Object.keys(dependencies)) {
      expect(markdown).toMatch(new RegExp(`\\[${name}\\].*\\| .+ \\|`));
    }
  });

  const deadlocks = [...markdown.matchAll(/^\| \S+\/\S+#\d+.*?\| `([\w.-]+)`[^|]*\|[^|]*\| (.*) \|$/gm)];
  const rows = readdirSync(path.join(__dirname, 'libraries/rows')).flatMap((file) => {
    return (require(path.join(__dirname, 'libraries/rows', file)) as { rows: readonly LibraryRow[] }).rows;
  });

  it('lists deadlocks that really happened', () => {
    expect(deadlocks.length).toBeGreaterThanOrEqual(10);
  });

  it.each(deadlocks.map(([, file = '', found = '']) => [file, found]))(
    '%s is a program that the specs run',
    (file, found) => {
      const row = rows.find((one) => one.file === file);
      const named = [...found.matchAll(/`([\w-]+)`/g)].map(([, rule]) => rule);
      expect(named.length).toBeGreaterThan(0);
      expect([...(row?.rules ?? []), ...(row?.allowed ?? [])]).toEqual(expect.arrayContaining(named));
      expect(named).toEqual(expect.arrayContaining([...(row?.rules ?? ['a row'])]));
    },
  );

  it('names the versions of the packages that it was run with', () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(__dirname, 'packages/package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const named = [...markdown.matchAll(/^\| \[([@\w/-]+)\]\([^)]*\) ([\d.]+)/gm)].map(([, name = '', version]) => [
      name,
      version,
    ]);
    expect(named.length).toBeGreaterThanOrEqual(3);
    expect(named).toEqual(named.map(([name = '']) => [name, dependencies[name]]));
  });
});
