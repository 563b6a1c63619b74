/**
 * The house and its floors. Imports point down or stay on their floor, and never lead back to where they began; type
 * imports count like all others. The import graph is drawn and searched with the project's own graph.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { components } from '../lib/graph/components.ts';
import { Digraph } from '../lib/graph/digraph.ts';
import { shortestPath } from '../lib/graph/path.ts';

const ROOT = join(__dirname, '..');
const LONGEST_FILE = 250;
const TOP = 6;

/** Floor of each folder of lib/, and of each file that stands in lib/ itself. */
const FLOORS: ReadonlyMap<string, number> = new Map([
  ['graph', 0],
  ['model', 0],
  ['state', 1],
  ['rules', 2],
  ['explicit', 3],
  ['exchange', 3],
  ['exchange.ts', 3],
  ['failure.ts', 3],
  ['conductor.ts', 3],
  ['declarations.ts', 3],
  ['settings.ts', 3],
  ['off-switch.ts', 3],
  ['registry.ts', 3],
  ['traits.ts', 3],
  ['shown.ts', 3],
  ['sharing.ts', 3],
  ['untold.ts', 3],
  ['acquire.ts', 3],
  ['findings.ts', 3],
  ['lockdep.ts', 3],
  ['owner.ts', 3],
  ['options.ts', 3],
  ['policy.ts', 3],
  ['record.ts', 3],
  ['snapshot.ts', 3],
  ['locks', 4],
  ['owner', 4],
  ['report', 4],
  ['adapters', 5],
  ['preload', 5],
  ['testing', 5],
  ['cli', 5],
  ['adapter.ts', TOP],
  ['index.ts', TOP],
  ['off.ts', TOP],
]);

/** The floors that also run in a browser. */
const HIGHEST_WITHOUT_NODE = 3;

/** What one file of lib/ imports: other files, by their path from the root, and packages, by their name. */
type Imports = ReadonlyMap<string, readonly string[]>;

const isFile = (name: string): boolean => name.startsWith('lib/');
const room = (file: string): string => file.split('/')[1] ?? '';
const floor = (file: string): number => FLOORS.get(room(file)) ?? Number.NaN;
const pairs = (imports: Imports): [string, string][] =>
  [...imports].flatMap(([file, names]) => names.map((name): [string, string] => [file, name]));
const shown = (found: readonly (readonly string[])[]): string[] => found.map((names) => names.join(' → '));

function importsOf(file: string, text: string): string[] {
  const names = ts.preProcessFile(text, true, true).importedFiles.map((one) => one.fileName);
  return names.map((name) => (name.startsWith('.') ? posix.join(posix.dirname(file), name) : name));
}

function readLib(): Map<string, string> {
  const names = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' });
  const files = names.map((name) => `lib/${name.replaceAll('\\', '/')}`).filter((file) => /\.\w+$/.test(file));
  return new Map(files.sort().map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
}

const strangers = (imports: Imports): string[] => [...imports.keys()].filter((file) => Number.isNaN(floor(file)));

const lost = (imports: Imports): string[] =>
  shown(pairs(imports).filter(([, to]) => (isFile(to) ? !imports.has(to) : to.startsWith('.') || to.endsWith('.ts'))));

const upward = (imports: Imports): string[] =>
  shown(pairs(imports).filter(([from, to]) => isFile(to) && floor(to) > floor(from)));

/** For each file that lies on a circle a shortest one, told once whichever of its files it was found from. */
function circles(imports: Imports): string[] {
  const graph = new Digraph();
  const names = [...imports.keys()];
  const ids = new Map(names.map((name) => [name, graph.addNode()]));
  for (const [from, to] of pairs(imports)) {
    const [source, target] = [ids.get(from), ids.get(to)];
    if (source !== undefined && target !== undefined) graph.addEdge(source, target);
  }
  const suspects = components(graph).filter(([node = -1, ...others]) => others.length > 0 || graph.hasEdge(node, node));
  const found = suspects.flat().map((node) => rotated(shortestPath(graph, node, node) ?? []));
  return [...new Set(shown(found.map((path) => path.map((id) => names[id] ?? ''))))];
}

function rotated(path: readonly number[]): number[] {
  const circle = path.slice(1);
  const first = circle.indexOf(Math.min(...circle));
  return [...circle.slice(first), ...circle.slice(0, first), ...circle.slice(first, first + 1)];
}

/** The imports from files that `isMeant` picks of what `isAllowed` does not let in. */
function forbidden(
  imports: Imports,
  isMeant: (file: string) => boolean,
  isAllowed: (name: string, file: string) => boolean,
): string[] {
  return shown(pairs(imports).filter(([from, to]) => isMeant(from) && !isAllowed(to, from)));
}

const lib = readLib();
const drawn: Imports = new Map([...lib].map(([file, text]) => [file, importsOf(file, text)]));

describe('the floors of lib/', () => {
  it('have every file and folder in their table', () => {
    expect(strangers(drawn)).toEqual([]);
    expect(drawn.size).toBeGreaterThan(50);
  });

  it('hold every file that is imported', () => {
    expect(lost(drawn)).toEqual([]);
  });

  it('are imported downward only', () => {
    expect(upward(drawn)).toEqual([]);
  });

  it('have no circle of imports', () => {
    expect(circles(drawn)).toEqual([]);
  });

  it('keep lib/graph to numbers: it imports nothing from elsewhere', () => {
    const allowed = (name: string): boolean => room(name) === 'graph' || name === '@dagrejs/graphlib';
    expect(forbidden(drawn, (file) => room(file) === 'graph', allowed)).toEqual([]);
  });

  it('have one door to graphlib', () => {
    const allowed = (name: string, file: string): boolean =>
      !name.startsWith('@dagrejs/') || file === 'lib/graph/digraph.ts';
    expect(forbidden(drawn, isFile, allowed)).toEqual([]);
    expect(drawn.get('lib/graph/digraph.ts')).toEqual(['@dagrejs/graphlib']);
  });

  it('run in a browser up to the conductor', () => {
    const low = (file: string): boolean => floor(file) <= HIGHEST_WITHOUT_NODE;
    expect(forbidden(drawn, low, (name) => !isBuiltin(name))).toEqual([]);
  });

  it('touch async_hooks in lib/owner alone', () => {
    const allowed = (name: string, file: string): boolean => !/async_hooks$/.test(name) || room(file) === 'owner';
    expect(forbidden(drawn, isFile, allowed)).toEqual([]);
  });

  it('let reports know the model, the graph and each other, and nothing else', () => {
    const allowed = (name: string): boolean => ['model', 'graph', 'report'].includes(isFile(name) ? room(name) : '');
    expect(forbidden(drawn, (file) => room(file) === 'report', allowed)).toEqual([]);
  });

  it(`hold no file of more than ${LONGEST_FILE} lines`, () => {
    const lengths = [...lib].map(([file, text]) => ({ file, lines: text.split('\n').length - 1 }));
    const long = lengths.filter(({ lines }) => lines > LONGEST_FILE);
    expect(long.map(({ file, lines }) => `${file}: ${lines} lines`)).toEqual([]);
  });
});

describe('the search for what breaks the floors', () => {
  it('sees imports of every form', () => {
    const text = `
      import type { A } from './a.ts';
      import { b } from '../b.ts';
      import './c.ts';
      export * from './d.ts';
      export type { E } from './e.ts';
      const f = await import('./f.ts');
      const g = require('node:fs');
      type H = import('./h.ts').H;
      // import { no } from './no.ts';
    `;
    const files = ['a', 'c', 'd', 'e', 'f', 'h'].map((name) => `lib/state/${name}.ts`);
    expect(importsOf('lib/state/x.ts', text).sort()).toEqual(['lib/b.ts', ...files, 'node:fs'].sort());
  });

  it('names the pair of an upward import', () => {
    const imports = new Map([
      ['lib/state/held.ts', ['lib/rules/index.ts', 'lib/graph/order.ts']],
      ['lib/rules/index.ts', ['lib/state/held.ts']],
    ]);
    expect(upward(imports)).toEqual(['lib/state/held.ts → lib/rules/index.ts']);
  });

  it('names the path of each circle once, also of two that touch, and a file that imports itself', () => {
    const imports = new Map([
      ['lib/model/a.ts', ['lib/model/b.ts']],
      ['lib/model/b.ts', ['lib/model/c.ts']],
      ['lib/model/c.ts', ['lib/model/b.ts', 'lib/model/d.ts']],
      ['lib/model/d.ts', ['lib/model/c.ts']],
      ['lib/model/e.ts', ['lib/model/e.ts']],
    ]);
    expect(circles(imports)).toEqual([
      'lib/model/b.ts → lib/model/c.ts → lib/model/b.ts',
      'lib/model/c.ts → lib/model/d.ts → lib/model/c.ts',
      'lib/model/e.ts → lib/model/e.ts',
    ]);
  });

  it('names a file that no floor knows, and an import of a file that is not there', () => {
    const imports = new Map([
      ['lib/extra.ts', ['lib/model/gone.ts', 'scripts/x.ts']],
      ['lib/model/a.ts', ['commander', 'node:fs']],
    ]);
    expect(strangers(imports)).toEqual(['lib/extra.ts']);
    expect(lost(imports)).toEqual(['lib/extra.ts → lib/model/gone.ts', 'lib/extra.ts → scripts/x.ts']);
  });
});
