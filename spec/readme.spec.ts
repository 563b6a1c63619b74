import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..');
const README = path.join(ROOT, 'README.md');
const COMMAND = path.join(ROOT, 'dist/cjs/cli/main.js');

interface Block {
  readonly info: string;
  readonly text: string;
}

function blocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => ({ info, text }));
}

/** Durations differ from run to run; one of less than a millisecond is left out. */
function withoutTimes(text: string): string {
  return text.replace(/, first \d[\d ,]* \w+ earlier/g, '');
}

describe('the README', () => {
  const markdown = readFileSync(README, 'utf8');
  const all = blocks(markdown);
  const dir = mkdtempSync(path.join(tmpdir(), 'lockdep-readme-'));

  beforeAll(() => {
    mkdirSync(path.join(dir, 'node_modules'));
    for (const name of ['async-mutex', 'p-limit', 'yocto-queue', 'tslib']) {
      symlinkSync(path.join(ROOT, 'node_modules', name), path.join(dir, 'node_modules', name));
    }
    symlinkSync(ROOT, path.join(dir, 'node_modules/lockdep'));
    writeFileSync(path.join(dir, 'package.json'), '{}');
    for (const { info, text } of all) {
      const file = /file=(\S+)/.exec(info)?.[1];
      if (file !== undefined) {
        writeFileSync(path.join(dir, file), text);
      }
    }
  });

  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const consoles = all.filter(({ info }) => info === 'console');

  it('shows programs and what they print', () => {
    expect(consoles.length).toBeGreaterThanOrEqual(3);
  });

  it.each(consoles.map((block) => [block.text.split('\n')[0] ?? '', block] as const))('%s', (line, { text }) => {
    const words = line
      .replace(/^\$ /, '')
      .replace(/^npx lockdep/, `node ${COMMAND}`)
      .split(' ')
      .slice(1);
    const { NODE_OPTIONS: _options, NODE_ENV: _env, ...env } = process.env;
    const result = spawnSync(process.execPath, words, { cwd: dir, encoding: 'utf8', env: { ...env, NO_COLOR: '1' } });
    const printed = `${line}\n${result.stdout}${result.stderr}`;
    if (process.env['UPDATE_README'] === '1') {
      const now = readFileSync(README, 'utf8');
      writeFileSync(
        README,
        now.replace(`\`\`\`console\n${text}`, () => `\`\`\`console\n${printed}`),
      );
      return;
    }
    expect(withoutTimes(printed)).toBe(withoutTimes(text));
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
