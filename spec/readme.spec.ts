import { readFileSync } from 'node:fs';
import path from 'node:path';
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
});
