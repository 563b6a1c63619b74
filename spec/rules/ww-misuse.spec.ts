import { fingerprint } from '../../lib/model/fingerprint.ts';
import { type WwFault, type WwMisuse, wwMisuse } from '../../lib/rules/ww-misuse.ts';
import { at, holding, lockOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];
const state = stateOf();
const [guard, mutex, other] = [lockOf(state, 'obj context', 'map'), lockOf(state, 'obj'), lockOf(state, 'obj')];

function misuse(fault: WwFault, more: Partial<WwMisuse> = {}): WwMisuse {
  return { fault, owner: p, held: [], lock: mutex, name: 'one', other: 'two', site: at(5), earlier: [], ...more };
}

const SENTENCES: readonly (readonly [WwFault, label: string, message: string])[] = [
  ['done-twice', 'done again', 'p says done() twice in one context of one.'],
  ['lock-after-done', 'asked', 'p asks for one after done().'],
  ['other-after-deadlock', 'asked', "p asks for one after 'deadlock' at two, which is to come first."],
  ['held-after-deadlock', 'asked', "p asks for one after 'deadlock' while it still holds two."],
  ['slow-without-deadlock', 'asked', "p takes the slow path to one without a 'deadlock' before."],
  ['slow-while-held', 'asked', 'p takes the slow path to one while it still holds two.'],
  ['end-while-held', 'ended', 'p ends a context of one that still has two.'],
  ['end-twice', 'ended again', 'p ends a context of one twice.'],
  ['use-after-end', 'used', 'p uses a context of one after its end.'],
  ['other-class', 'asked', 'p asks for one under a context of two.'],
  ['other-owner', 'used', 'p uses a context of one that belongs to two.'],
  ['asked-while-waiting', 'asked', 'p asks for one while its context waits for two.'],
  ['beside-context', 'asked', 'p asks for one under a context and holds two beside it.'],
];

describe('ww-misuse', () => {
  it('reports the fault with its place, what came before, and what is held', () => {
    const held = [holding(p, guard, { line: 2 }), holding(p, other, { line: 3 })];
    const earlier = [
      { label: 'taken', site: at(3) },
      { label: "'deadlock' at one", site: null },
    ];
    expect(wwMisuse(state, misuse('held-after-deadlock', { held, earlier }))).toEqual([
      {
        rule: 'ww-misuse',
        severity: 'error',
        confidence: 'certain',
        fingerprint: fingerprint('ww-misuse', ['obj', '/app/main.ts#work#5:1', 'held-after-deadlock']),
        count: 1,
        message: "p asks for one after 'deadlock' while it still holds two.",
        owner: 'p',
        process: '42/1',
        sites: [place(5), place(3)],
        held: [
          { lock: refOf('obj context', 'map'), mode: 'exclusive', site: place(2) },
          { lock: refOf('obj'), mode: 'exclusive', site: place(3) },
        ],
        lock: refOf('obj'),
        places: [
          { label: 'asked', site: place(5) },
          { label: 'taken', site: place(3) },
          { label: "'deadlock' at one", site: null },
        ],
      },
    ]);
  });

  it.each(SENTENCES)('says %s in one sentence', (fault, label, message) => {
    const [found] = wwMisuse(state, misuse(fault));
    expect(found?.message).toBe(message);
    expect(found?.places).toEqual([{ label, site: place(5) }]);
  });

  it('is one defect for each fault and place, whoever makes it and whichever mutex it is', () => {
    const name = (fault: WwFault, more: Partial<WwMisuse> = {}): string | undefined =>
      wwMisuse(state, misuse(fault, more))[0]?.fingerprint;
    expect(name('end-twice', { owner: q, lock: other, name: 'three' })).toBe(name('end-twice'));
    const faults = SENTENCES.map(([fault]) => name(fault));
    expect(new Set([...faults, name('end-twice', { site: at(6) }), name('end-twice', { lock: guard })]).size).toBe(
      SENTENCES.length + 2,
    );
  });
});
