import path from 'node:path';
import * as lockdep from '../../lib/index.ts';
import { itPrintsWhatIsShown } from '../support/snippets.ts';

describe('the page on locks between threads', () => {
  const markdown = itPrintsWhatIsShown(path.resolve(__dirname, '../../docs/shared-locks.md'));

  it('names every lock of lib/locks/shared that there is', () => {
    const named = [...markdown.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, names = '']) => names.split(', '));
    const missing = named.map((name) => name.replaceAll('`', '')).filter((name) => !(name in lockdep));
    expect(missing).toEqual([]);
    expect(named.length).toBeGreaterThan(10);
  });
});
