import path from 'node:path';
import * as door from '../../lib/adapter.ts';
import { itPrintsWhatIsShown } from '../support/snippets.ts';

describe('the page on the locks of other libraries', () => {
  const markdown = itPrintsWhatIsShown(path.resolve(__dirname, '../../docs/adapters.md'));

  it('names what adapters are made with', () => {
    const shown = ['defineAdapter', 'replaceMethod', 'watchConstructor'];
    expect(Object.keys(door)).toEqual(expect.arrayContaining(shown));
    expect(shown.filter((name) => !markdown.includes(name))).toEqual([]);
  });
});
