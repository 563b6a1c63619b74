/**
 * A checker that breaks the program is worse than none. Whatever fails inside, the program runs on; what is switched off
 * is the checker, and it says so.
 */
import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import type { LockdepOptions } from '../lib/options.ts';
import { findings, heldNames, locks, nest } from './state/world.ts';

/** A checker with a defect of its own, after a program has run on it. */
function broken(options: LockdepOptions, work: (ld: Lockdep) => void = crossed): { ld: Lockdep; printed: string[] } {
  const spy = jest.spyOn(console, 'error').mockImplementation(() => {});
  try {
    const ld = createLockdep(options);
    work(ld);
    return { ld, printed: spy.mock.calls.map((args) => args.join(' ')) };
  } finally {
    spy.mockRestore();
  }
}

function crossed(ld: Lockdep): void {
  const [a, b] = locks(ld, ['a', 'b']);
  nest(ld.owner('p'), [a, b]);
  for (let turn = 0; turn < 3; turn++) nest(ld.owner('q'), [b, a]);
  ld.owner('q').release(a);
}

function thrower(): never {
  throw new Error('a defect of the checker');
}

describe.each([
  ['the resolver of sites', { resolver: thrower }],
  ['the clock', { now: thrower }],
] as const)('a failure of %s', (_, options) => {
  it('does not reach the program', () => {
    expect(() => broken(options)).not.toThrow();
  });

  it('is printed, and once', () => {
    const { printed } = broken(options);
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(
      /^lockdep: internal failure, nothing is checked from here on: .*a defect of the checker/s,
    );
  });

  it('is told by the checker and by its snapshot', () => {
    const { ld } = broken(options);
    expect(ld.failure).toContain('a defect of the checker');
    expect(ld.snapshot().failure).toBe(ld.failure);
  });

  it('leaves everything readable that a program may read', () => {
    const { ld } = broken(options, (checker) => {
      crossed(checker);
      checker.owner('p').acquire(checker.lock('c'));
    });
    expect(heldNames(ld.owner('p'))).toEqual(['c']);
    expect([ld.violations.length, ld.graph().nodeCount()]).toEqual([0, 3]);
    expect(ld.snapshot().classes.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('lets owners take and give back as before', () => {
    const { ld } = broken(options);
    const [x, y, z] = locks(ld, ['x', 'y', 'z']);
    const p = ld.owner('p');
    for (const lock of [x, y, z]) p.acquire(lock);
    p.release(y);
    expect(heldNames(p)).toEqual(['x', 'z']);
    p.release(z);
    p.release(x);
    p.assertNotHeld(x);
    p.exit();
    expect(heldNames(p)).toEqual([]);
  });

  it('switches the checker off: nothing is reported from there on', () => {
    const { ld } = broken(options);
    const [x] = locks(ld, ['x']);
    nest(ld.owner('p'), [x, x]);
    ld.owner('p').assertHeld(x);
    expect(findings(ld)).toEqual([]);
  });

  it('throws nothing under the policy `throw` either', () => {
    expect(() => broken({ ...options, onViolation: 'throw' })).not.toThrow();
  });
});

describe('a failure to find the name of a class', () => {
  it('does not reach the program, and is told', () => {
    const { ld } = broken({}, (checker) => {
      const x = checker.lockOf({ key: 'main.ts:3:7', identity: thrower });
      const p = checker.owner('p');
      nest(p, [x, checker.lock('a')]);
      nest(p, [checker.lock('a'), x]);
      expect(() => checker.violations).not.toThrow();
    });
    expect(ld.snapshot().failure).toContain('a defect of the checker');
    expect(ld.graph().nodeCount()).toBe(2);
  });
});

describe('a failure', () => {
  it('keeps what was found before it', () => {
    let isBroken = false;
    const { ld } = broken({ now: () => (isBroken ? thrower() : 0) }, (checker) => {
      checker.owner('p').release(checker.lock('early'));
      isBroken = true;
      crossed(checker);
    });
    expect(ld.violations.map(({ rule }) => rule)).toEqual(['bad-release']);
  });

  it('tells its first reason, and is printed once, however often it comes', () => {
    const { ld, printed } = broken({}, (checker) => {
      checker.fail(new Error('the first reason'));
      checker.fail(new Error('another one'));
    });
    expect(ld.failure).toContain('the first reason');
    expect(printed).toHaveLength(1);
  });

  it('can be anything that is thrown', () => {
    for (const reason of ['a word', undefined, null, 7, Symbol('s'), Object.create(null)]) {
      const { ld } = broken({}, (checker) => {
        checker.guarded(() => {
          throw reason;
        });
      });
      expect(typeof ld.failure).toBe('string');
    }
  });

  it('of the console that should tell of it does not reach the program', () => {
    const spy = jest.spyOn(console, 'error').mockImplementation(thrower);
    try {
      const ld = createLockdep({ resolver: thrower });
      expect(() => crossed(ld)).not.toThrow();
      expect(ld.failure).toContain('a defect of the checker');
    } finally {
      spy.mockRestore();
    }
  });

  it('is no word in a checker that works', () => {
    const { ld, printed } = broken({});
    expect([ld.failure, ld.snapshot().failure, printed]).toEqual([null, null, []]);
    expect(ld.guarded(() => 'a result')).toBe('a result');
  });
});
