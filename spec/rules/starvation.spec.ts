import { fingerprint } from '../../lib/model/fingerprint.ts';
import { type Starvation, starvation } from '../../lib/rules/starvation.ts';
import { at, holding, lockOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const state = stateOf();
const queue = lockOf(state, 'queue', 'spin');
const table = lockOf(state, 'table');
const log = ownerOf('log');
const net = { thread: 'net', owner: 'net', site: place(3) };

function eventOf(more: Partial<Starvation> = {}): Starvation {
  const event = {
    owner: log,
    held: [],
    lock: queue,
    class: queue.class,
    site: at(7),
    ms: 40.2,
    passed: 25,
    holder: net,
  };
  return { ...event, ...more };
}

describe('starvation', () => {
  it('warns of a wait during which others got the lock again and again', () => {
    expect(starvation(state, eventOf({ held: [holding(log, table, { line: 5 })] }))).toEqual([
      {
        rule: 'starvation',
        severity: 'warning',
        confidence: 'certain',
        fingerprint: fingerprint('starvation', ['queue', '/app/main.ts#work#7:1']),
        count: 1,
        message: 'log waited 40 ms for queue while others got it 25 times; net holds it now.',
        owner: 'log',
        process: '42/1',
        sites: [place(7), place(3)],
        held: [{ lock: refOf('table'), mode: 'exclusive', site: place(5) }],
        lock: refOf('queue', 'spin'),
        asked: place(7),
        ms: 40.2,
        passed: 25,
        holder: net,
      },
    ]);
  });

  it.each<[Partial<Starvation>, string]>([
    [{ passed: 1 }, 'while others got it once; net holds it now.'],
    [{ holder: null }, 'while others got it 25 times.'],
    [{ holder: { ...net, thread: 'worker 2' } }, 'while others got it 25 times; net (worker 2) holds it now.'],
  ])('tells how often, and who holds it: %j', (more, end) => {
    expect(starvation(state, eventOf(more))[0]?.message).toBe(`log waited 40 ms for queue ${end}`);
  });

  it('is one defect for each place, whoever holds the lock and however long it takes', () => {
    const named = (more: Partial<Starvation> = {}): string | undefined =>
      starvation(state, eventOf(more))[0]?.fingerprint;
    const others = { owner: ownerOf('q', 2), holder: { ...net, site: place(4) }, ms: 900, passed: 3 };
    expect(named(others)).toBe(named());
    expect(named({ holder: null })).toBe(named());
    expect(new Set([named(), named({ site: at(8) }), named({ class: table.class })]).size).toBe(3);
  });

  it('can do without places', () => {
    expect(starvation(state, eventOf({ site: null, holder: null }))[0]).toMatchObject({ sites: [], asked: null });
  });

  it('is quiet where nobody else got the lock', () => {
    expect(starvation(state, eventOf({ passed: 0 }))).toEqual([]);
  });
});
