import { fingerprint } from '../../lib/model/fingerprint.ts';
import { type OwnerDeath, ownerDied } from '../../lib/rules/owner-died.ts';
import { at, holding, lockOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const state = stateOf();
const queue = lockOf(state, 'queue', 'spin');
const table = lockOf(state, 'table');
const main = ownerOf('main');

function eventOf(more: Partial<OwnerDeath> = {}): OwnerDeath {
  return {
    owner: main,
    held: [],
    lock: queue,
    class: queue.class,
    dead: { name: 'worker 3', owner: 'worker 3', site: place(3) },
    mode: 'exclusive',
    waiters: 1,
    site: at(7),
    ...more,
  };
}

const said = (more: Partial<OwnerDeath>): string | undefined => ownerDied(state, eventOf(more))[0]?.message;

describe('owner-died', () => {
  it('reports who ended, where it had taken the lock, and who waits for it', () => {
    expect(ownerDied(state, eventOf({ held: [holding(main, table, { line: 5 })] }))).toEqual([
      {
        rule: 'owner-died',
        severity: 'error',
        confidence: 'certain',
        fingerprint: fingerprint('owner-died', ['queue', '/app/main.ts#work#3:1']),
        count: 1,
        message: 'worker 3 ended while it held queue; main waits for it.',
        owner: 'main',
        process: '42/1',
        sites: [place(3), place(7)],
        held: [{ lock: refOf('table'), mode: 'exclusive', site: place(5) }],
        lock: refOf('queue', 'spin'),
        dead: { thread: 'worker 3', owner: 'worker 3', site: place(3) },
        mode: 'exclusive',
        waiters: 1,
        asked: place(7),
      },
    ]);
  });

  it.each([
    [0, 'main asks for it.'],
    [1, 'main waits for it.'],
    [2, 'main and 1 other wait for it.'],
    [4, 'main and 3 others wait for it.'],
  ])('tells how many wait: %d', (waiters, end) => {
    expect(said({ waiters })).toBe(`worker 3 ended while it held queue; ${end}`);
  });

  it('names the owner and its thread where they have two names', () => {
    const dead = { name: 'worker 3', owner: 'flusher', site: null };
    expect(said({ dead })).toBe('flusher (worker 3) ended while it held queue; main waits for it.');
  });

  it('tells a dead reader from a dead writer', () => {
    expect(said({ mode: 'shared' })).toBe('worker 3 ended while it held queue as a reader; main waits for it.');
    expect(ownerDied(state, eventOf({ mode: 'shared' }))[0]).toMatchObject({ severity: 'error', mode: 'shared' });
  });

  it('is one defect for each place where the lock was taken, whoever took it and whoever finds it', () => {
    const named = (more: Partial<OwnerDeath> = {}): string | undefined =>
      ownerDied(state, eventOf(more))[0]?.fingerprint;
    const dead = { name: 'worker 8', owner: 'other', site: place(3) };
    expect(named({ dead, owner: ownerOf('q', 2), waiters: 9, site: at(70) })).toBe(named());
    const others = [{ dead: { ...dead, site: place(4) } }, { class: table.class }];
    expect(new Set([named(), ...others.map(named)]).size).toBe(3);
  });

  it('goes by the place of who finds it, where the other is not known', () => {
    const dead = { name: 'worker 3', owner: 'worker 3', site: null };
    const [found] = ownerDied(state, eventOf({ dead }));
    expect(found).toMatchObject({ sites: [place(7)], dead: { site: null } });
    expect(found?.fingerprint).not.toBe(ownerDied(state, eventOf({ dead, site: at(8) }))[0]?.fingerprint);
    expect(ownerDied(state, eventOf({ dead, site: null }))[0]).toMatchObject({ sites: [], asked: null });
  });
});
