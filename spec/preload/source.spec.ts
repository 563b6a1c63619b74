import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Sources } from '../../lib/preload/source.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'lockdep sources '));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

// Line 1, column 1 of the output came from line 3, column 5 of the source.
const MAP = {
  version: 3,
  sources: ['../src/a b.ts'],
  names: [],
  mappings: 'AAEI',
  sourcesContent: ['one\ntwo\n    three'],
};

let count = 0;
function output(comment: string, map?: object | string): string {
  const out = path.join(dir, `case ${++count}`, 'out');
  mkdirSync(out, { recursive: true });
  if (map !== undefined) {
    writeFileSync(path.join(out, 'x.js.map'), typeof map === 'string' ? map : JSON.stringify(map));
  }
  const file = path.join(out, 'x.js');
  writeFileSync(file, `made();\n${comment}\n`);
  return file;
}

const inline = (map: object): string => Buffer.from(JSON.stringify(map)).toString('base64');

it.each([
  ['beside the file', () => output('//# sourceMappingURL=x.js.map', MAP)],
  ['inline in base64', () => output(`//# sourceMappingURL=data:application/json;charset=utf-8;base64,${inline(MAP)}`)],
  [
    'inline in plain text',
    () => output(`//# sourceMappingURL=data:application/json,${encodeURIComponent(JSON.stringify(MAP))}`),
  ],
  ['the last of two comments', () => output('//# sourceMappingURL=gone.map\n//# sourceMappingURL=x.js.map', MAP)],
])('a source map %s leads to the source', (_, make) => {
  const file = make();
  const sources = new Sources();
  const source = path.resolve(path.dirname(file), '../src/a b.ts');

  expect(sources.original({ file, line: 1, column: 1 })).toEqual({ file: source, line: 3, column: 5 });
  expect(sources.line(source, 3)).toBe('    three');
});

it('a source named by a file URL is found', () => {
  const source = path.join(dir, 'url source.ts');
  const file = output('//# sourceMappingURL=x.js.map', { ...MAP, sources: [pathToFileURL(source).href] });
  expect(new Sources().original({ file, line: 1, column: 1 }).file).toBe(source);
});

it('sourceRoot stands before the sources', () => {
  const file = output('//# sourceMappingURL=x.js.map', { ...MAP, sourceRoot: '../src', sources: ['a b.ts'] });
  expect(new Sources().original({ file, line: 1, column: 1 }).file).toBe(
    path.resolve(path.dirname(file), '../src/a b.ts'),
  );
});

it('a map name with an encoded blank is found', () => {
  const file = output('//# sourceMappingURL=x%20y.js.map');
  writeFileSync(path.join(path.dirname(file), 'x y.js.map'), JSON.stringify(MAP));
  expect(new Sources().original({ file, line: 1, column: 1 }).line).toBe(3);
});

it('a map named by a file URL is found', () => {
  const map = path.join(dir, 'url map.json');
  writeFileSync(map, JSON.stringify(MAP));
  const file = output(`//# sourceMappingURL=${pathToFileURL(map).href}`);
  expect(new Sources().original({ file, line: 1, column: 1 }).line).toBe(3);
});

it('a map name with a percent sign that encodes nothing is found', () => {
  const file = output('//# sourceMappingURL=100%.map');
  writeFileSync(path.join(path.dirname(file), '100%.map'), JSON.stringify(MAP));
  expect(new Sources().original({ file, line: 1, column: 1 }).line).toBe(3);
});

it.each([
  ['missing', () => output('//# sourceMappingURL=gone.map')],
  ['broken', () => output('//# sourceMappingURL=x.js.map', '{"version":3,')],
  ['empty', () => output('//# sourceMappingURL=x.js.map', '')],
  ['of nothing', () => output('//# sourceMappingURL=x.js.map', { ...MAP, sources: [], mappings: '' })],
  ['not named', () => output('')],
])('with a map that is %s the position stays', (_, make) => {
  const position = { file: make(), line: 1, column: 1 };
  expect(new Sources().original(position)).toEqual(position);
});

it('a file that cannot be read has no lines', () => {
  expect(new Sources().line(path.join(dir, 'none.js'), 1)).toBeUndefined();
});
