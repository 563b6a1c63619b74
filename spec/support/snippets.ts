/**
 * The programs and outputs that the documents show: each program is run as a reader would run it, in a folder of its
 * own in which the built package is installed. `UPDATE_DOCS=1` writes the outputs anew instead of comparing them.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const COMMAND = path.join(ROOT, 'dist/cjs/cli/main.js');

/** A fenced block of a document. */
export interface Block {
  /** What stands behind the opening fence, such as `js file=app.mjs`. */
  readonly info: string;
  readonly text: string;
}

export function blocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => ({ info, text }));
}

/** The blocks that show a command and what it prints. */
export function consoles(markdown: string): Block[] {
  return blocks(markdown).filter(({ info }) => info === 'console');
}

/** The command that a block shows, with its prompt. */
export function commandOf({ text }: Block): string {
  return text.split('\n')[0] ?? '';
}

/** A folder with the programs of a document. Its maker removes it. */
export class Workplace {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'lockdep-docs-'));

  constructor(markdown: string) {
    const modules = path.join(this.#folder, 'node_modules');
    mkdirSync(modules);
    for (const name of ['async-mutex', 'p-limit', 'yocto-queue', 'tslib']) {
      symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
    }
    symlinkSync(path.join(ROOT, 'spec/libraries/node_modules/redlock'), path.join(modules, 'redlock'));
    symlinkSync(ROOT, path.join(modules, 'lockdep'));
    writeFileSync(path.join(this.#folder, 'package.json'), '{}');
    for (const { info, text } of blocks(markdown)) {
      const file = /file=(\S+)/.exec(info)?.[1];
      if (file !== undefined) {
        mkdirSync(path.dirname(path.join(this.#folder, file)), { recursive: true });
        writeFileSync(path.join(this.#folder, file), text);
      }
    }
  }

  /** The block as it would have to be: the command, and what it prints now. */
  run(block: Block): string {
    const command = commandOf(block);
    const words = command
      .replace(/^\$ /, '')
      .replace(/^npx lockdep/, `node ${COMMAND}`)
      .split(' ')
      .slice(1);
    const { NODE_OPTIONS: _options, NODE_ENV: _env, ...env } = process.env;
    const result = spawnSync(process.execPath, words, {
      cwd: this.#folder,
      encoding: 'utf8',
      env: { ...env, NO_COLOR: '1' },
    });
    return `${command}\n${result.stdout}${result.stderr}`;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Declares a test for each command that a document shows. */
export function itPrintsWhatIsShown(document: string): string {
  const markdown = readFileSync(document, 'utf8');
  let place: Workplace;
  beforeAll(() => {
    place = new Workplace(markdown);
  });
  afterAll(() => place.remove());
  it.each(consoles(markdown).map((block) => [commandOf(block), block] as const))('%s', (_, block) => {
    expectPrinted(document, block, place.run(block));
  });
  return markdown;
}

/** Expects that a block of a document is what its command prints, or, with `UPDATE_DOCS=1`, makes it so. */
export function expectPrinted(document: string, block: Block, printed: string): void {
  if (process.env['UPDATE_DOCS'] === '1') {
    const now = readFileSync(document, 'utf8');
    writeFileSync(
      document,
      now.replace(`\`\`\`console\n${block.text}`, () => `\`\`\`console\n${printed}`),
    );
    return;
  }
  expect(withoutTimes(printed)).toBe(withoutTimes(block.text));
}

/** Durations differ from run to run; the first one is left out where it is less than a millisecond. */
function withoutTimes(text: string): string {
  return text.replace(/, first \d[\d ,]* \w+ earlier/g, '').replace(/(has waited) \d[\d.]* \w+/g, '$1');
}
