import { EventEmitter, EventEmitterAsyncResource } from 'node:events';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import { Mutex } from '../../lib/locks/mutex.ts';
import type { LockdepOptions } from '../../lib/options.ts';
import { flowsOf } from '../../lib/owner/flows.ts';

const RULE = 'callback-under-lock';

let stops: (() => void)[] = [];

/** A checker that watches, and a lock of its own. */
function checked(options: LockdepOptions = {}): { lockdep: Lockdep; lock: Mutex } {
  const lockdep = createLockdep({ rules: { [RULE]: 'warning' }, ...options });
  stops.push(() => {
    lockdep.configure({ rules: { [RULE]: 'off' } });
    flowsOf(lockdep).stop();
  });
  return { lockdep, lock: new Mutex('lock', { lockdep }) };
}

const callsOf = ({ violations }: Lockdep): unknown[] =>
  violations.filter(({ rule }) => rule === RULE).map(({ message }) => / calls (.*), which /s.exec(message)?.[1]);

const looks = (): unknown[] => [
  Object.getOwnPropertyDescriptor(EventEmitter.prototype, 'emit'),
  Object.getOwnPropertyDescriptor(EventTarget.prototype, 'dispatchEvent'),
];
const originals = looks();

beforeEach(() => {
  stops = [];
});
afterEach(() => {
  for (const stop of stops) {
    stop();
  }
  expect(looks()).toEqual(originals);
  expect(EventEmitter.prototype.emit).toBe((originals[0] as PropertyDescriptor).value);
});

/** An emitter that somebody listens to. */
function heard(event: string | symbol, emitter: EventEmitter = new EventEmitter()): EventEmitter {
  return emitter.on(event, () => {});
}

class Own extends EventEmitter {
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    return super.emit(event, ...args);
  }
}

describe('calls of listeners', () => {
  it('are reported where a lock is held, and there alone', async () => {
    const { lockdep, lock } = checked();
    const emitter = heard('saved');
    emitter.emit('saved');
    await lockdep.task('save', async () => {
      emitter.emit('saved');
      await lock.run(() => emitter.emit('saved'));
      emitter.emit('saved');
    });
    expect(lockdep.violations).toMatchObject([
      {
        rule: RULE,
        severity: 'warning',
        owner: 'save#1',
        count: 1,
        message: "save#1 calls emit('saved'), which runs code of others, while holding lock.",
        sites: [{ file: __filename }, { file: __filename }],
      },
    ]);
  });

  it('are named by their event', async () => {
    const { lockdep, lock } = checked();
    const events = ['', 'a b', 'n'.repeat(61), Symbol('s')];
    await lock.run(() => {
      for (const event of events) {
        heard(event).emit(event);
      }
      heard(5 as never).emit(5 as never);
    });
    const long = `emit('${'n'.repeat(60)}…')`;
    expect(callsOf(lockdep)).toEqual(["emit('')", "emit('a b')", long, 'emit(Symbol(s))', "emit('5')"]);
  });

  it('are those of event targets too', async () => {
    const { lockdep, lock } = checked();
    const target = new EventTarget();
    target.addEventListener('change', () => {});
    await lock.run(() => target.dispatchEvent(new Event('change')));
    expect(callsOf(lockdep)).toEqual(["dispatchEvent('change')"]);
  });

  it('do not count where nobody listens', async () => {
    const { lockdep, lock } = checked();
    const target = new EventTarget();
    await lock.run(() => {
      expect(new EventEmitter().emit('saved')).toBe(false);
      expect(heard('other').emit('saved')).toBe(false);
      expect(target.dispatchEvent(new Event('change'))).toBe(true);
    });
    expect(callsOf(lockdep)).toEqual([]);
  });

  it('do not count where the runtime makes them', async () => {
    const { lockdep, lock } = checked();
    const events: string[] = [];
    await lock.run(async () => {
      const stream = new PassThrough();
      const abort = new AbortController();
      for (const event of ['data', 'pause', 'resume', 'finish', 'end', 'close']) {
        stream.on(event, () => events.push(event));
      }
      abort.signal.addEventListener('abort', () => events.push('abort'));
      stream.write('a');
      stream.pause();
      stream.resume();
      stream.end();
      abort.abort();
      await finished(stream);
    });
    expect(new Set(events)).toEqual(new Set(['data', 'pause', 'resume', 'finish', 'end', 'abort', 'close']));
    expect(callsOf(lockdep)).toEqual([]);
  });

  it('are those of whoever calls a method that hands them on', async () => {
    const { lockdep, lock } = checked();
    await lock.run(async () => {
      const own = heard('own', new Own());
      const announce = (): boolean => own.emit('own');
      announce();
      heard('scoped', new EventEmitterAsyncResource({ name: 'scoped' })).emit('scoped');
      const stream = new PassThrough();
      // The runtime calls it.
      Object.defineProperty(stream, 'emit', { value: Own.prototype.emit });
      stream.on('data', () => {});
      stream.end('a');
      await finished(stream);
    });
    expect(callsOf(lockdep)).toEqual(["emit('own')", "emit('scoped')"]);
    expect(lockdep.violations[0]?.sites[0]).toMatchObject({ file: __filename, function: 'announce' });
  });

  it('are those of a function of the program that has the same name', async () => {
    const { lockdep, lock } = checked();
    const emitter = heard('saved');
    const emit = (): boolean => emitter.emit('saved');
    await lock.run(
      () => new Promise<void>((resolve) => setImmediate(() => resolve(void [emit].map((call) => call())))),
    );
    await lock.run(() => new Promise<void>((resolve) => process.nextTick(() => resolve(void emit()))));
    expect([callsOf(lockdep), lockdep.violations[0]?.count]).toEqual([["emit('saved')"], 2]);
  });
});

describe('a watched emitter', () => {
  it('gets and gives the same, and throws the same', async () => {
    const { lockdep, lock } = checked();
    const seen: unknown[] = [];
    const error = new RangeError('from the listener');
    const emitter = new EventEmitter();
    emitter.on('event', function (this: unknown, ...args: unknown[]) {
      seen.push(this, ...args);
    });
    emitter.on('fails', () => {
      throw error;
    });
    await lock.run(() => {
      expect(emitter.emit('event', 1, seen)).toBe(true);
      expect(() => emitter.emit('fails')).toThrow(error);
      expect(() => emitter.emit('error', error)).toThrow(/from the listener/);
      expect(() => EventEmitter.prototype.emit.call(undefined as never, 'event')).toThrow(/undefined/);
      expect(() => new EventTarget().dispatchEvent(undefined as never)).toThrow(/argument must be/);
      expect(() => EventTarget.prototype.dispatchEvent.call({} as never, new Event('a'))).toThrow(/EventTarget/);
    });
    expect(seen).toEqual([emitter, 1, seen]);
    expect([callsOf(lockdep), lockdep.failure]).toEqual([["emit('event')", "emit('fails')"], null]);
  });

  it('looks the same', () => {
    const outside = (): unknown[] =>
      looks().map((one) => {
        const { value, ...attributes } = one as PropertyDescriptor;
        return [attributes, Object.getOwnPropertyDescriptors(value)];
      });
    const before = outside();
    checked();
    expect(EventEmitter.prototype.emit).not.toBe((originals[0] as PropertyDescriptor).value);
    expect(outside()).toEqual(before);
  });

  it('is watched only while a checker asks for it', async () => {
    const { lockdep, lock } = checked({ rules: {} });
    expect(looks()).toEqual(originals);
    lockdep.configure({ rules: { [RULE]: 'error' } });
    await lock.run(() => heard('saved').emit('saved'));
    lockdep.configure({ rules: { [RULE]: 'off' } });
    expect(EventEmitter.prototype.emit).toBe((originals[0] as PropertyDescriptor).value);
    expect(lockdep.violations).toMatchObject([{ rule: RULE, severity: 'error' }]);
  });

  it('emits without an end where the listener of findings emits', async () => {
    const emitter = heard('found');
    const found: string[] = [];
    const { lock } = checked({
      onViolation: ({ message }) => {
        found.push(message);
        emitter.emit('found');
      },
    });
    await lock.run(() => heard('saved').emit('saved'));
    expect(found).toHaveLength(1);
  });

  it('throws nothing under the throw policy', async () => {
    const said = jest.spyOn(console, 'error').mockImplementation(() => {});
    const { lockdep, lock } = checked({ onViolation: 'throw', rules: { [RULE]: 'error' } });
    expect(await lock.run(() => heard('saved').emit('saved'))).toBe(true);
    expect(callsOf(lockdep)).toEqual(["emit('saved')"]);
    expect(said.mock.calls).toEqual([[expect.stringMatching(/^lockdep: callback-under-lock: /)]]);
    said.mockRestore();
  });
});
