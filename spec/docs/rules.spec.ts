/**
 * The pages of the rules: one for each, all built alike, and every program on them does what its page says.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { RULE_IDS } from '../../lib/model/rule.ts';
import { type Block, blocks, commandOf, consoles, expectPrinted, Workplace } from '../support/snippets.ts';

const ROOT = path.join(__dirname, '../..');
const FOLDER = path.join(ROOT, 'docs/rules');
const SECTIONS = ['Consequence', 'Remedy', 'Example', 'Quiet', 'Exceptions'];

interface Page {
  readonly rule: string;
  readonly file: string;
  readonly markdown: string;
  readonly title: string;
  readonly fact: string;
  /** Their texts by heading. */
  readonly sections: ReadonlyMap<string, string>;
}

function pageIn(file: string): Page {
  const markdown = readFileSync(file, 'utf8');
  const [head = '', ...parts] = markdown.split(/^## /m);
  const [, title = '', fact = ''] = /^# (.*)\n\n([\s\S]*?)\n\n$/.exec(head) ?? [];
  const sections = new Map(parts.map((part): [string, string] => [part.split('\n', 1)[0] ?? '', afterFirstLine(part)]));
  return { rule: path.basename(file, '.md'), file, markdown, title, fact, sections };
}

const afterFirstLine = (text: string): string => text.slice(text.indexOf('\n') + 1).trim();

/** What the section says besides its blocks. */
const proseOf = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, '').trim();

const sentences = (text: string): number => text.split(/[.!?](?:\s|$)/).filter((part) => part !== '').length;

const pages = readdirSync(FOLDER)
  .sort()
  .map((name) => pageIn(path.join(FOLDER, name)));

it('each rule has a page, and each page a rule', () => {
  expect(pages.map(({ file }) => path.basename(file))).toEqual([...RULE_IDS].sort().map((id) => `${id}.md`));
});

describe.each(pages.map((page) => [page.rule, page] as const))('the page of %s', (rule, page) => {
  const section = (name: string): string => page.sections.get(name) ?? '';
  const [example, quiet] = ['Example', 'Quiet'].map((name) => consoles(section(name))[0]) as [Block, Block];
  let place: Workplace;

  beforeAll(() => {
    place = new Workplace(page.markdown);
  });

  afterAll(() => place.remove());

  it('says one fact in one sentence under the name of the rule', () => {
    expect(page.title).toBe(rule);
    expect(sentences(page.fact)).toBe(1);
    expect(page.fact).toMatch(/\.$/);
  });

  it('has the sections of all pages, and something in each', () => {
    expect([...page.sections.keys()]).toEqual(SECTIONS);
    expect(SECTIONS.filter((name) => proseOf(section(name)) === '' && name !== 'Example')).toEqual([]);
  });

  it('shows two programs, with what they print', () => {
    const kinds = (name: string): string[] => blocks(section(name)).map(({ info }) => info);
    expect(SECTIONS.flatMap(kinds)).toEqual([`js file=${rule}.mjs`, 'console', `js file=${rule}-quiet.mjs`, 'console']);
    expect(commandOf(example)).toMatch(new RegExp(`^\\$ (npx lockdep run -- )?node ${rule}\\.mjs$`));
    expect(commandOf(quiet)).toBe(commandOf(example).replace('.mjs', '-quiet.mjs'));
  });

  it('has an example that breaks the rule, and prints what is shown', () => {
    const printed = place.run(example);
    // A list of findings, or the headlines of a report.
    const found = [...printed.matchAll(/^(?:✗ |(?:\[)? +['"])([a-z-]+)(?:: | {3})/gm)].map(([, id]) => id);
    expect(found).toContain(rule);
    if (!isWatched(example)) {
      expect([...new Set(found)]).toEqual([rule]);
    }
    expectPrinted(page.file, example, printed);
  });

  it('has a quiet program in which nothing is found, and that prints what is shown', () => {
    const printed = place.run(quiet);
    expect(printed).toMatch(isWatched(quiet) ? /^✓ no violations/m : /^.*\n\[\]\n$/);
    expectPrinted(page.file, quiet, printed);
  });
});

const isWatched = (block: Block): boolean => commandOf(block).startsWith('$ npx lockdep run');
