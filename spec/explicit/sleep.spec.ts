import { createLockdep } from '../../lib/lockdep.ts';
import type { ContextDefinition } from '../../lib/model/context.ts';
import type { Owner } from '../../lib/owner.ts';
import type { OnViolation } from '../../lib/policy.ts';
import { findings, heldNames, lineOf, locks, only } from '../state/world.ts';
import { messages } from './cast.ts';

const CONTEXTS: ContextDefinition[] = [
  { name: 'callback' },
  { name: 'signal', limit: 'config' },
  { name: 'preemption', atomic: true },
];

/** Kinds of locks: whether one may sleep under it, and may send a message. */
const KINDS: [kind: string, sleep: boolean, send: boolean][] = [
  ['mutex', true, false],
  ['rtmutex', true, false],
  ['ww_mutex', true, false],
  ['rwsem', true, false],
  ['semaphore', true, false],
  ['map', true, true],
  ['spin', false, false],
  ['raw_spin', false, false],
  ['rwlock', false, false],
  ['local_lock', false, false],
  ['rcu', false, false],
  ['rcu_bh', false, false],
  ['rcu_sched', false, false],
];

describe.each([true, false])('sleeping (realtime: %s)', (realtime) => {
  it.each(KINDS)('under a %s', (kind, maySleep, maySend) => {
    for (const options of [{}, { try: true }]) {
      const ld = createLockdep({ realtime });
      const p = ld.owner('p', { yields: true });
      const [l] = locks(ld, ['l'], { kind });
      p.acquire(l, options);
      p.mightSleep();
      p.sendSync('q');
      p.release(l);
      p.mightSleep();
      p.sendSync(ld.owner('q'));
      expect(messages(ld)).toEqual([
        ...(maySleep ? [] : [`sleep-while-held: p may sleep while holding l, a ${kind}.`]),
        ...(maySend ? [] : [`sleep-while-held: p waits for q to handle a message while holding l, a ${kind}.`]),
      ]);
    }
  });
});

const PLACES: [what: string, go: (owner: Owner) => unknown, why: string | null][] = [
  ['a task', () => {}, null],
  ['a hard interrupt', (p) => p.hardirqEnter(), 'in hardirq'],
  ['a threaded hard interrupt', (p) => p.hardirqEnter({ threaded: true }), 'in hardirq'],
  ['a soft interrupt', (p) => p.softirqEnter(), 'in softirq'],
  ['hard interrupts off', (p) => p.irqSave(), 'with hardirq disabled'],
  ['soft interrupts off', (p) => p.softirqDisable(), 'with softirq disabled'],
  ['an event callback', (p) => p.enter('callback'), null],
  ['callbacks off', (p) => p.disable('callback'), null],
  ['a signal handler', (p) => p.enter('signal'), 'in signal'],
  ['signals off', (p) => p.disable('signal'), null],
  ['preemption off', (p) => p.disable('preemption'), 'with preemption disabled'],
  ['the task again', (p) => [p.hardirqEnter(), p.hardirqExit(), p.irqRestore(p.irqSave())], null],
];

describe('sleeping in a context', () => {
  it.each(PLACES)('%s', (_what, go, why) => {
    const ld = createLockdep({ contexts: CONTEXTS });
    const p = ld.owner('p');
    go(p);
    p.mightSleep();
    p.sendSync('q');
    p.wait(ld.event('done'));
    const acts = ['may sleep', 'waits for q to handle a message', 'waits for done'];
    expect(messages(ld)).toEqual(why === null ? [] : acts.map((act) => `sleep-while-held: p ${act} ${why}.`));
  });

  it('is what the innermost context allows, and the locks taken there', () => {
    const ld = createLockdep({ contexts: CONTEXTS });
    const p = ld.owner('p', { yields: true });
    const [s] = locks(ld, ['s'], { kind: 'spin' });
    p.acquire(s);
    p.enter('callback');
    p.mightSleep();
    expect(messages(ld)).toEqual([]);
    p.exit('callback');
    p.mightSleep();
    expect(messages(ld)).toEqual(['sleep-while-held: p may sleep while holding s, a spin.']);
  });

  it('must be with somebody who is known', () => {
    expect(() =>
      createLockdep()
        .owner('p')
        .sendSync({} as never),
    ).toThrow('to: expected an owner or the name of one');
  });
});

/** Lets every microtask run, and the event loop turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a spinning lock that is held over an await', () => {
  const POLICIES: [what: string, policy: OnViolation][] = [
    ['collect', 'collect'],
    ['throw', 'throw'],
    ['warn', 'warn'],
    ['a function', () => {}],
    [
      'a function that throws',
      () => {
        throw new Error('mine');
      },
    ],
  ];

  it.each(POLICIES)('is found, and breaks nothing (policy: %s)', async (_what, onViolation) => {
    const said = [jest.spyOn(console, 'warn'), jest.spyOn(console, 'error')].map((spy) => spy.mockImplementation());
    const unhandled: unknown[] = [];
    const note = (error: unknown): unknown => unhandled.push(error);
    process.on('unhandledRejection', note);
    process.on('uncaughtException', note);
    const ld = createLockdep({ onViolation });
    const p = ld.owner('p');
    const [s] = locks(ld, ['s'], { kind: 'spin' });
    for (let count = 0; count < 3; count++) {
      p.acquire(s);
      await turn();
      p.release(s);
    }
    await turn();
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
    for (const spy of said) spy.mockRestore();
    expect(unhandled).toEqual([]);
    expect(messages(ld)).toEqual(['sleep-while-held: p gives way to the event loop while holding s, a spin.']);
    expect([findings(ld), heldNames(p), ld.failure]).toEqual([['sleep-while-held certain ×3'], [], null]);
  });

  it('is shown where it was taken', async () => {
    const ld = createLockdep();
    const p = ld.owner('p');
    const [m, s] = [ld.lock('m'), ld.lock('s', { kind: 'raw_spin' })];
    p.acquire(m);
    p.acquire(s); // spins from here
    await null;
    p.release(s);
    const { limit, sites } = only(ld, 'sleep-while-held');
    const line = lineOf(__filename, 'spins from here');
    expect([limit.lock?.name, limit.taken?.line, sites[0]?.line]).toEqual(['s', line, line]);
  });

  // Of those that keep nobody out, nobody waits.
  it.each(KINDS.filter(([kind]) => !/rcu|local/.test(kind)))('of kind %s', async (kind, maySleep) => {
    for (const options of [{}, { try: true }]) {
      const ld = createLockdep();
      const p = ld.owner('p');
      const [l] = locks(ld, ['l'], { kind });
      p.acquire(l, options);
      await turn();
      p.release(l);
      expect(messages(ld)).toEqual(
        maySleep ? [] : [`sleep-while-held: p gives way to the event loop while holding l, a ${kind}.`],
      );
    }
  });

  it('is none where it was released before, or its owner yields', async () => {
    const ld = createLockdep();
    const [s] = locks(ld, ['s'], { kind: 'spin' });
    const [p, cpu] = [ld.owner('p'), ld.owner('cpu0', { yields: true })];
    for (let count = 0; count < 3; count++) {
      p.acquire(s);
      p.release(s);
      p.mightLock(s);
      await turn();
      cpu.acquire(s);
      await turn();
      cpu.release(s);
    }
    p.acquire(s);
    p.exit();
    await turn();
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['held-at-exit']);
  });

  it('is found though something else was taken and released in between', async () => {
    const ld = createLockdep();
    const p = ld.owner('p');
    const [s, t] = locks(ld, ['s', 't'], { kind: 'spin' });
    p.acquire(s);
    p.acquire(t);
    p.release(s);
    await turn();
    expect(only(ld, 'sleep-while-held').limit.lock?.name).toBe('t');
  });
});
