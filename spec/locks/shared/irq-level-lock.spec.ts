import type * as Lockdep from '../../../lib/index.ts';
import type { IrqLevelLockOptions, IrqPriority } from '../../../lib/index.ts';
import { endThreads, startThread } from '../../support/threads.ts';

// What the threads run, so that this one shares its memory layout with nobody else.
const { IrqLevelLock, LevelOrderError, LockdepError, NotHolderError, RecursiveLockError, createLockdep, lockdep } =
  require('../../../dist/cjs/index.js') as typeof Lockdep;

lockdep.configure({ onViolation: 'collect' });

const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const PRIORITIES: readonly IrqPriority[] = ['low', ...LEVELS, 'high'];
const at = (level: number): string => `irq${level}`;

/** A checker with one CPU. */
function machine(options: Lockdep.LockdepOptions = {}) {
  const ld = createLockdep({ realtime: false, ...options });
  const cpu = ld.owner('cpu0');
  const lock = (name: string, rest: Omit<IrqLevelLockOptions, 'lockdep'>) =>
    new IrqLevelLock(name, { lockdep: ld, ...rest });
  const enabled = () => LEVELS.filter((level) => cpu.isEnabled(at(level)));
  const rules = () => ld.violations.map(({ rule }) => rule);
  return { ld, cpu, lock, enabled, rules };
}

afterEach(endThreads);

describe('what its holder is kept from', () => {
  test.each(PRIORITIES)('priority %s', (priority) => {
    const { ld, cpu, lock, enabled } = machine();
    const one = lock('one', { priority });
    const first = priority === 'low' ? 8 : priority === 'high' ? 0 : priority;
    cpu.run(() => {
      expect(enabled()).toEqual(LEVELS);
      one.lock();
      expect(enabled()).toEqual(LEVELS.filter((level) => level < first));
      expect(cpu.isEnabled('hardirq')).toBe(priority !== 'high');
      one.unlock();
      expect(enabled()).toEqual(LEVELS);
      expect(cpu.isEnabled('hardirq')).toBe(true);
    });
    expect(ld.violations).toEqual([]);
  });

  test('is nothing where nothing is checked, and handlers are simulated all the same', () => {
    const ld = createLockdep();
    ld.switchOff();
    const [cpu, one] = [ld.owner('cpu0'), new IrqLevelLock('one', { lockdep: ld, priority: 1 })];
    cpu.enter('irq1');
    expect(cpu.run(() => one.run(() => one.held()))).toBe(true);
    cpu.exit('irq1');
    expect(ld.violations).toEqual([]);
  });

  test('ends with the last lock that says so, in whatever order they are given back', () => {
    const { cpu, lock, enabled } = machine();
    const [keyboard, disk] = [lock('keyboard', { priority: 1 }), lock('disk', { priority: 5 })];
    cpu.run(() => {
      disk.lock();
      keyboard.lock();
      disk.unlock();
      expect(enabled()).toEqual([0]);
      keyboard.unlock();
      expect(enabled()).toEqual(LEVELS);
    });
  });

  test('is said by the contexts of the program, where it has some with these names', () => {
    const contexts = [{ name: 'irq1' }, { name: 'irq0', masks: ['irq0', 'irq1'] }];
    const { ld, cpu, lock, enabled } = machine({ contexts });
    const [one, all] = [lock('one', { priority: 1 }), lock('all', { priority: 'high' })];
    expect(ld.state.contexts.all.filter(({ name }) => name.startsWith('irq'))).toHaveLength(8);
    expect(ld.state.contexts.find('irq1')?.limit).toBe('sleep');
    cpu.run(() => {
      one.run(() => expect(enabled()).toEqual([0]));
      all.run(() => expect(enabled()).toEqual([]));
    });
  });

  test('is nothing where the try finds it taken, or a request is refused', () => {
    const { ld, cpu, lock, enabled } = machine();
    const one = lock('one', { priority: 'high' });
    const other = ld.owner('cpu1');
    other.run(() => one.lock());
    cpu.run(() => {
      expect(one.tryLock()).toBe(false);
      expect(() => one.lock()).toThrow(RecursiveLockError);
      expect(() => one.unlock()).toThrow(NotHolderError);
      expect(enabled()).toEqual(LEVELS);
    });
    other.run(() => one.unlock());
  });
});

describe('a lock that a handler shares', () => {
  test.each([
    ['low', ['irq-inconsistent']],
    [5, ['irq-inconsistent']],
    [1, []],
    [0, []],
    ['high', []],
  ] as const)('of priority %s with IRQ 1: %j', (priority, expected) => {
    const { cpu, lock, rules } = machine();
    const shared = lock('keys', { priority });
    cpu.run(() => {
      cpu.enter('irq1');
      shared.run(() => undefined);
      cpu.exit('irq1');
      shared.run(() => undefined);
    });
    expect(rules()).toEqual(expected);
  });

  test('spins in a handler, on a real-time system too', () => {
    const { cpu, lock, rules } = machine({ realtime: true });
    const wake = lock('wake', { priority: 'high' });
    cpu.run(() => {
      cpu.enter('irq0');
      wake.run(() => undefined);
      cpu.exit('irq0');
    });
    expect(rules()).toEqual([]);
  });
});

describe('the order of levels', () => {
  const locks = (options?: Lockdep.LockdepOptions, rest: { readonly panics?: boolean } = {}) => {
    const made = machine(options);
    const low = made.lock('low', { priority: 'low', level: 1, ...rest });
    const high = made.lock('high', { priority: 'high', level: 2, ...rest });
    return { ...made, low, high };
  };

  test('upwards says nothing', () => {
    const { cpu, low, high, rules } = locks();
    cpu.run(() => low.run(() => high.run(() => undefined)));
    expect(rules()).toEqual([]);
  });

  test.each([
    ['collect', {}],
    ['throw', { onViolation: 'throw' }],
  ] as const)('downwards panics on the spot, and takes nothing: policy %s', (_, options) => {
    const { cpu, low, high, ld, enabled } = locks(options);
    cpu.run(() => {
      high.lock();
      for (let times = 0; times < 2; times++) {
        expect(() => low.lock()).toThrow(LevelOrderError);
        expect(low.holder).toBeNull();
        expect(cpu.held.map(({ lock }) => lock.name)).toEqual(['high']);
      }
      high.unlock();
      expect(enabled()).toEqual(LEVELS);
      low.run(() => undefined);
    });
    expect(ld.violations).toMatchObject([
      {
        rule: 'level-order',
        count: 2,
        message: 'cpu0 asks for low (level 1) while holding high (level 2).',
        levels: { lock: 1, other: 2 },
      },
    ]);
  });

  test('the error has the finding, with both places', () => {
    const { cpu, low, high, ld } = locks();
    cpu.run(() => {
      high.lock();
      let error: unknown;
      try {
        low.lock();
      } catch (caught) {
        error = caught;
      }
      high.unlock();
      const { violation } = error as InstanceType<typeof LevelOrderError>;
      expect(violation.fingerprint).toBe(ld.violations[0]?.fingerprint);
      expect([violation.asked?.file, violation.taken?.file]).toEqual([__filename, __filename]);
    });
  });

  test('equal levels are against it, unless an order is declared over the class', () => {
    const { cpu, lock } = machine();
    const two = [0, 1].map(() => lock('same', { priority: 'low', level: 3 }));
    const compare = (held: Lockdep.Lock, wanted: Lockdep.Lock) => Number(held.data) - Number(wanted.data);
    const nodes = [0, 1].map((data) => lock('node', { priority: 'low', level: 3, compare, data }));
    cpu.run(() => {
      two[0]?.run(() => expect(() => two[1]?.lock()).toThrow(LevelOrderError));
      nodes[0]?.run(() => nodes[1]?.run(() => undefined));
      nodes[1]?.run(() => expect(() => nodes[0]?.lock()).toThrow(LevelOrderError));
    });
  });

  test('without panics it is reported, and the lock taken', () => {
    const { cpu, low, high, rules } = locks({}, { panics: false });
    cpu.run(() => high.run(() => low.run(() => expect(low.held()).toBe(true))));
    expect(rules()).toEqual(['level-order']);
  });

  test('without panics the policy decides', () => {
    const { cpu, low, high } = locks({ onViolation: 'throw' }, { panics: false });
    cpu.run(() => high.run(() => expect(() => low.lock()).toThrow(LockdepError)));
  });

  test('is not kept by tries, by locks without a level, or where the rule is off', () => {
    const { cpu, low, high, lock, rules } = locks();
    const plain = lock('plain', { priority: 'low' });
    cpu.run(() =>
      high.run(() => {
        expect(low.tryLock()).toBe(true);
        low.unlock();
        plain.run(() => undefined);
      }),
    );
    expect(rules()).toEqual([]);
    const off = locks({ rules: { 'level-order': 'off' } });
    off.cpu.run(() => off.high.run(() => off.low.run(() => undefined)));
    expect(off.rules()).toEqual([]);
  });

  test('what a CPU holds already is recursion, and no question of levels', () => {
    const { cpu, low, rules } = locks();
    cpu.run(() => low.run(() => expect(() => low.lock()).toThrow(RecursiveLockError)));
    expect(rules()).toContain('recursion');
  });
});

test('another thread has the same lock: priority, level, and whether it panics', async () => {
  const keyboard = new IrqLevelLock('keyboard', { priority: 1, level: 19 });
  const malloc = new IrqLevelLock('malloc', { priority: 'low', level: 1 });
  const thread = startThread('contracts.mjs', { handle: keyboard.handle, other: malloc.handle, job: 'levels' });
  expect(await thread.end()).toMatchObject([
    {
      priority: 1,
      enabled: [0],
      after: [0, 1, 2, 7],
      panic: { name: 'LevelOrderError', rule: 'level-order' },
      told: [{ rule: 'level-order', message: 'cpu1 asks for malloc (level 1) while holding keyboard (level 19).' }],
    },
  ]);
});

test.each([
  [2, 'low', 20_000],
  [8, 'low', 5_000],
  [4, 'high', 500],
] as const)('%i threads count under one of priority %s, and lose nothing', async (threads, priority, times) => {
  const lock = new IrqLevelLock(`counted ${priority}`, { priority });
  const words = new Int32Array(new SharedArrayBuffer(8));
  const job = { handle: lock.handle, job: 'count', words, times, threads };
  const running = Array.from({ length: threads }, () => startThread('contracts.mjs', job));
  const told = await Promise.all(running.map((thread) => thread.end()));
  expect(words[1]).toBe(threads * times);
  expect(told).toEqual(running.map(() => ['counted']));
});

test('where nothing is checked it is a plain spinlock', () => {
  const ld = createLockdep();
  ld.switchOff();
  const [high, low] = [2, 1].map(
    (level) => new IrqLevelLock(`level ${level}`, { lockdep: ld, priority: 'high', level }),
  );
  high?.run(() => low?.run(() => expect(low.held()).toBe(true)));
  high?.run(() => expect(() => high.lock()).toThrow(RecursiveLockError));
  expect(ld.violations).toEqual([]);
});

test('what it cannot be is refused', () => {
  const make = (options: unknown) => () => new IrqLevelLock('bad', options as IrqLevelLockOptions);
  expect(make({ priority: 8 })).toThrow(
    new TypeError('priority: expected one of low, 0, 1, 2, 3, 4, 5, 6, 7, high, got 8'),
  );
  expect(make({})).toThrow('priority: expected one of low, 0');
  expect(make({ priority: 'low', panics: 1 })).toThrow(new TypeError('panics: expected true or false, got 1'));
  expect(make(null)).toThrow('options: expected an object');
});
