/**
 * The page on what locks cost. Where real time passes, the durations differ from run to run, and the columns with them.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commandOf, consoles, expectPrinted, Workplace } from '../support/snippets.ts';

const PAGE = path.resolve(__dirname, '../../docs/profile.md');
const markdown = readFileSync(PAGE, 'utf8');

const isTimed = (command: string): boolean => command.includes('--stats');
const withoutDurations = (text: string): string =>
  text.replaceAll(/\d[\d.]* (?:ns|µs|ms|s)\b/g, 'some time').replaceAll(/ +/g, ' ');

describe('the page on what locks cost', () => {
  let place: Workplace;
  beforeAll(() => {
    place = new Workplace(markdown);
  });
  afterAll(() => place.remove());

  it.each(consoles(markdown).map((block) => [commandOf(block), block] as const))('%s', (command, block) => {
    const printed = place.run(block);
    if (isTimed(command) && process.env['UPDATE_DOCS'] !== '1') {
      expect(withoutDurations(printed)).toBe(withoutDurations(block.text));
    } else {
      expectPrinted(PAGE, block, printed);
    }
  });
});
