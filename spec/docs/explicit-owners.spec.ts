import path from 'node:path';
import { CONTEXTS } from '../../lib/model/context.ts';
import { LOCK_KINDS } from '../../lib/model/kind.ts';
import { Owner } from '../../lib/owner.ts';
import { itPrintsWhatIsShown } from '../support/snippets.ts';

const PAGE = path.resolve(__dirname, '../../docs/explicit-owners.md');

describe('the page on explicit owners', () => {
  const markdown = itPrintsWhatIsShown(PAGE);

  it.each([...LOCK_KINDS.keys()].filter((name) => name !== 'event'))('names the kind %s', (name) => {
    expect(markdown).toContain(`\`${name}\``);
  });

  it.each(CONTEXTS.map(({ name }) => name))('names the context %s', (name) => {
    expect(markdown).toContain(`\`${name}\``);
  });

  it('names every method of an owner', () => {
    const names: string[] = [];
    for (let at = Owner.prototype; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      names.push(...Object.getOwnPropertyNames(at));
    }
    const inside = ['constructor', 'parts', 'entries', 'chain', 'drop', 'end', 'contextNamed', 'held'];
    const missing = names.filter((name) => !inside.includes(name) && !markdown.includes(name));
    expect(missing).toEqual([]);
  });
});
