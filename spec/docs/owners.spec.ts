import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commandOf, consoles, expectPrinted, Workplace } from '../support/snippets.ts';

const PAGE = path.resolve(__dirname, '../../docs/owners.md');

describe('the page on owners', () => {
  const markdown = readFileSync(PAGE, 'utf8');
  let place: Workplace;

  beforeAll(() => {
    place = new Workplace(markdown);
  });

  afterAll(() => place.remove());

  it.each(consoles(markdown).map((block) => [commandOf(block), block] as const))('%s', (_, block) => {
    expectPrinted(PAGE, block, place.run(block));
  });
});
