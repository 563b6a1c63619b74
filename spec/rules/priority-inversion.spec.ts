import { fingerprint } from '../../lib/model/fingerprint.ts';
import { type Inversion, priorityInversion } from '../../lib/rules/priority-inversion.ts';
import { at, holding, lockOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const state = stateOf();
const queue = lockOf(state, 'queue', 'spin');
const table = lockOf(state, 'table');
const net = ownerOf('net');
const log = { thread: 'log', owner: 'log', priority: 1, site: place(3) };

function eventOf(more: Partial<Inversion> = {}): Inversion {
  return {
    owner: net,
    held: [],
    lock: queue,
    class: queue.class,
    site: at(7),
    ms: 25.4,
    spins: 123_456,
    priority: 10,
    holder: log,
    evidence: 'descheduled',
    cpuMs: 0,
    isSpinning: true,
    ...more,
  };
}

const said = (more: Partial<Inversion>): string | undefined => priorityInversion(state, eventOf(more))[0]?.message;

describe('priority-inversion', () => {
  it('warns of a wait for a less urgent holder that gets no CPU time', () => {
    expect(priorityInversion(state, eventOf({ held: [holding(net, table, { line: 5 })] }))).toEqual([
      {
        rule: 'priority-inversion',
        severity: 'warning',
        confidence: 'certain',
        fingerprint: fingerprint('priority-inversion', ['queue', '/app/main.ts#work#7:1']),
        count: 1,
        message: 'net (priority 10) spun for 25 ms on queue; its holder log (priority 1) got no CPU time meanwhile.',
        owner: 'net',
        process: '42/1',
        sites: [place(7), place(3)],
        held: [{ lock: refOf('table'), mode: 'exclusive', site: place(5) }],
        lock: refOf('queue', 'spin'),
        asked: place(7),
        ms: 25.4,
        spins: 123_456,
        isSpinning: true,
        priority: 10,
        holder: log,
        evidence: 'descheduled',
        cpuMs: 0,
      },
    ]);
  });

  it('is no more than possible where the holder is only known not to go on', () => {
    const { cpuMs: _, ...event } = eventOf({ evidence: 'no-progress' });
    expect(priorityInversion(state, event)).toMatchObject([
      {
        confidence: 'possible',
        evidence: 'no-progress',
        cpuMs: null,
        message: expect.stringMatching(/ made no progress /),
      },
    ]);
  });

  it.each([
    [0.4, 'got no CPU time meanwhile.'],
    [2.3, 'got 2 ms of CPU time meanwhile.'],
  ])('tells what the holder got: %d ms', (cpuMs, end) => {
    expect(said({ cpuMs })).toMatch(new RegExp(`its holder log \\(priority 1\\) ${end}$`));
  });

  it('tells a waiter that sleeps from one that spins', () => {
    expect(said({ isSpinning: false })).toMatch(/^net \(priority 10\) waited 25 ms for queue; /);
  });

  it('names the owner and its thread where they have two names', () => {
    expect(said({ holder: { ...log, thread: 'worker 2' } })).toMatch(/its holder log \(worker 2, priority 1\) got/);
  });

  it('is one defect for each place that asks, whoever it is, whoever holds it and however long it takes', () => {
    const named = (more: Partial<Inversion> = {}): string | undefined =>
      priorityInversion(state, eventOf(more))[0]?.fingerprint;
    const holder = { ...log, thread: 'worker 9', owner: 'other', priority: 4 };
    expect(named({ owner: ownerOf('q', 2), holder, ms: 900, spins: 1, priority: 5 })).toBe(named());
    const others = [{ holder: { ...log, site: place(4) } }, { site: at(8) }, { class: table.class }];
    expect(new Set([named(), ...others.map(named)]).size).toBe(3);
  });

  it('can do without places', () => {
    const [found] = priorityInversion(state, eventOf({ site: null, holder: { ...log, site: null } }));
    expect(found).toMatchObject({ sites: [], asked: null });
  });

  it.each([10, 11])('is quiet where the holder is as urgent: %d', (priority) => {
    expect(priorityInversion(state, eventOf({ holder: { ...log, priority } }))).toEqual([]);
  });
});
