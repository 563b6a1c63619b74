/**
 * The model of contexts itself, against cases that were worked out by hand from the rules.
 */
import { ContextOracle, type Kind } from './oracle-contexts.ts';

const KINDS = new Map<string, Kind>([
  ['s', 'spin'],
  ['t', 'spin'],
  ['r', 'raw_spin'],
  ['w', 'rwlock'],
  ['x', 'rwsem'],
  ['m', 'mutex'],
  ['l', 'local_lock'],
  ['u', 'rcu'],
]);

/** Whatever was broken by the lines, which are told without their owner. */
function broken(program: string): string[] {
  const oracle = new ContextOracle(KINDS);
  const words = new Set<string>();
  for (const line of program.split('; ')) {
    const verdict = oracle.tell(`p ${line}`);
    for (const [word, isBroken] of Object.entries(verdict)) if (isBroken === true) words.add(word);
    for (const word of [...verdict.conflicts, ...verdict.pairs]) words.add(word);
  }
  return [...words].sort();
}

/** Takes it in a handler that is over at once. */
const inHandler = (context: string, lock: string): string =>
  `enter ${context}; lock ${lock}; unlock ${lock[0]}; exit ${context}`;
/** `s` is safe, `t` is not. */
const MARKED = `${inHandler('hardirq', 's')}; lock t; unlock t`;

const SAME_CLASS: readonly (readonly [program: string, words: readonly string[]])[] = [
  [`lock s; unlock s; ${inHandler('hardirq', 's')}`, ['hardirq: s']],
  [`save; lock s; unlock s; restore; ${inHandler('hardirq', 's')}`, []],
  [`save; lock s; restore; unlock s; ${inHandler('hardirq', 's')}`, ['hardirq: s']],
  [`save; save; restore; lock s; unlock s; restore; ${inHandler('hardirq', 's')}`, []],
  [`disable hardirq; disable hardirq; enable hardirq; lock s; unlock s; ${inHandler('hardirq', 's')}`, ['hardirq: s']],
  [`disable softirq; disable softirq; lock s; enable softirq; unlock s; ${inHandler('softirq', 's')}`, []],
  [`disable softirq; lock s; enable softirq; unlock s; ${inHandler('softirq', 's')}`, ['softirq: s']],
  [`disable hardirq; lock s; unlock s; enable hardirq; ${inHandler('softirq', 's')}`, []],
  // A handler of hard interrupts does not count soft ones as disabled, but they cannot run.
  [`${inHandler('hardirq', 's')}; ${inHandler('softirq', 's')}`, []],
  [`${inHandler('softirq', 's')}; ${inHandler('tick', 's')}`, ['softirq: s', 'tick: s']],
  [`lock s; unlock s; ${inHandler('tick', 's')}`, ['tick: s']],
  [`disable tick; lock s; unlock s; enable tick; ${inHandler('tick', 's')}`, []],
  [`lock w shared; unlock w; ${inHandler('hardirq', 'w shared')}`, []],
  [`lock w; unlock w; ${inHandler('hardirq', 'w shared')}`, ['hardirq: w']],
  [`lock w shared; unlock w; ${inHandler('hardirq', 'w')}`, ['hardirq: w']],
  [`lock s; unlock s; ${inHandler('hardirq', 's try')}`, []],
  [`lock s try; unlock s; ${inHandler('hardirq', 's')}`, ['hardirq: s']],
  [`lock l; unlock l; ${inHandler('hardirq', 'l')}`, ['hardirq: l']],
  [`lock u; unlock u; ${inHandler('hardirq', 'u')}`, []],
];

const PATHS: readonly (readonly [program: string, words: readonly string[]])[] = [
  [`${MARKED}; save; lock s; lock t`, ['hardirq: s → t']],
  [`${MARKED}; save; lock t; lock s`, []],
  [`save; lock s; lock t; unlock t; unlock s; restore; ${MARKED}`, ['hardirq: s → t']],
  [`${MARKED}; save; lock s; lock w; unlock s; lock t`, ['hardirq: s → t']],
  [`${MARKED}; save; lock s; lock t try`, []],
  [`${MARKED}; save; lock s try; lock t`, ['hardirq: s → t']],
  [`${MARKED}; save; lock s; lock u; lock t`, ['hardirq: s → t']],
  [`${MARKED}; save; lock s; lock l; unlock l; unlock s; lock l; lock t`, []],
  [`${MARKED}; save; lock s; enter softirq; lock t`, ['softirq: t']],
  // A recursive reader waits for writers alone, and a reader in a handler is stopped by writers alone.
  [`lock w shared; unlock w; ${inHandler('hardirq', 's')}; save; lock s; lock w shared`, ['hardirq: s → w']],
  [`lock w shared; unlock w; ${inHandler('hardirq', 's')}; save; lock s; lock w recursive-shared`, []],
  [`lock w; unlock w; ${inHandler('hardirq', 's')}; save; lock s; lock w recursive-shared`, ['hardirq: s → w']],
  [`${inHandler('hardirq', 'w shared')}; lock t; unlock t; save; lock w shared; lock t`, []],
  [`${inHandler('hardirq', 'w shared')}; lock t; unlock t; save; lock w; lock t`, ['hardirq: w → t']],
  [`${inHandler('hardirq', 'w')}; lock t; unlock t; save; lock w shared; lock t`, ['hardirq: w → t']],
  [`${MARKED}; save; lock s; lock w recursive-shared; unlock w; unlock s; lock w shared; lock t`, []],
  [`${MARKED}; save; lock s; lock w recursive-shared; unlock w; unlock s; lock w; lock t`, ['hardirq: s → t']],
  [
    // The second dependency closes a cycle, and is searched all the same.
    `save; lock s; lock t; unlock t; unlock s; lock t; lock s; unlock s; unlock t; restore; lock s; unlock s; ${inHandler('hardirq', 't')}`,
    ['cycle', 'hardirq: t → s'],
  ],
];

const WAITS: readonly (readonly [program: string, words: readonly string[]])[] = [
  ['lock s; lock m', ['waits']],
  ['lock s; lock l', []],
  ['lock l; lock x shared', ['waits']],
  ['lock r; lock s', ['waits']],
  ['lock s; lock r', []],
  ['lock m; lock s; lock r; lock u', []],
  ['lock u; lock m', ['waits']],
  ['lock s; lock m try', []],
  ['lock r try; lock s', ['waits']],
  ['lock r; lock m try; lock s', ['waits']],
  ['enter hardirq raw; lock s', ['waits']],
  ['enter hardirq raw; lock r', []],
  ['enter hardirq; lock s', []],
  ['enter hardirq; lock m', ['waits']],
  ['enter softirq; lock m', ['waits']],
  ['enter tick; lock m', ['waits']],
  ['disable hardirq; disable softirq; lock m', []],
  ['lock r; enter hardirq; lock s', []],
];

const READERS: readonly (readonly [program: string, words: readonly string[]])[] = [
  ['lock w shared; lock w shared', ['recursion']],
  ['lock w shared; lock w recursive-shared', []],
  ['lock w; lock w recursive-shared', ['recursion']],
  ['disable hardirq; lock w shared; lock w shared', ['recursion']],
  ['disable softirq; lock w shared; lock w shared', []],
  ['enter softirq; lock w shared; lock w shared', []],
  ['enter hardirq; lock w shared; lock w shared', []],
  ['enter tick; lock w shared; lock w shared', ['recursion']],
  ['disable softirq; lock x shared; lock x recursive-shared', ['recursion']],
  ['lock u; lock u', []],
];

describe.each([
  ['one class', SAME_CLASS],
  ['paths', PATHS],
  ['waits', WAITS],
  ['readers', READERS],
])('the model of contexts, about %s', (_, cases) => {
  it.each(cases)('%s', (program, words) => {
    expect(broken(program)).toEqual(words);
  });
});
