import { createLockdep, type Lockdep } from '../lib/lockdep.ts';
import type { Site } from '../lib/model/lock.ts';
import type { Violation } from '../lib/model/violation.ts';
import { LockdepError, type OnViolation, policyOf } from '../lib/policy.ts';
import type { LockInstance } from '../lib/state/classes.ts';
import { findings, heldNames, locks, nest, picture } from './state/world.ts';

const SITES: readonly Site[] = [
  { file: 'a.ts', line: 3, column: 14, function: 'take' },
  { file: 'b.ts', line: 15, column: 9 },
];

function violation(severity: Violation['severity'] = 'error'): Violation {
  return {
    rule: 'held-at-exit',
    severity,
    confidence: 'certain',
    fingerprint: '0123456789ab',
    count: 1,
    message: 'p ended with a held.',
    owner: 'p',
    process: '0',
    sites: SITES,
    held: [],
    lock: { key: 'a', name: 'a', kind: 'mutex', capacity: 1 },
    context: null,
    taken: null,
  };
}

/** What is printed on the console by `name` while `work` runs. */
function printed(name: 'warn' | 'error', work: () => void): unknown[][] {
  const spy = jest.spyOn(console, name).mockImplementation(() => {});
  try {
    work();
    return spy.mock.calls;
  } finally {
    spy.mockRestore();
  }
}

const REPORT = 'held-at-exit: p ended with a held.\n    at a.ts:3:14\n    at b.ts:15:9';

/** False if `work` was refused by the policy. */
function succeeds(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(LockdepError);
    return false;
  }
}

describe('the policy `throw`', () => {
  it('throws an error that says which rule was broken, and all places', () => {
    const given = violation();
    const handle = (): void => policyOf('throw').handle(given, true);
    expect(handle).toThrow(LockdepError);
    expect(handle).toThrow(REPORT);
    expect(new LockdepError(given)).toMatchObject({ name: 'LockdepError', violation: given });
  });

  it('throws for a known defect too, and lets warnings pass', () => {
    expect(() => policyOf('throw').handle(violation(), false)).toThrow(LockdepError);
    expect(() => policyOf('throw').handle(violation('warning'), true)).not.toThrow();
  });
});

describe('the policy `warn`', () => {
  it('prints each defect once', () => {
    const lines = printed('warn', () => {
      policyOf('warn').handle(violation(), true);
      policyOf('warn').handle(violation(), false);
      policyOf('warn').handle(violation('warning'), true);
    });
    expect(lines).toEqual([[`lockdep: ${REPORT}`], [`lockdep: ${REPORT}`]]);
  });
});

describe('the policy `collect`', () => {
  it('prints nothing and throws nothing', () => {
    const handle = (): void => policyOf('collect').handle(violation(), true);
    expect([...printed('warn', handle), ...printed('error', handle)]).toEqual([]);
  });
});

describe('a policy of one’s own', () => {
  it('is called with each defect once', () => {
    const seen: Violation[] = [];
    const policy = policyOf((found) => seen.push(found));
    const given = violation();
    policy.handle(given, true);
    policy.handle(given, false);
    expect(seen).toEqual([given]);
  });

  it('that throws is told of, and breaks nothing', () => {
    const policy = policyOf(() => {
      throw new Error('not ours');
    });
    const lines = printed('error', () => policy.handle(violation(), true));
    expect(lines).toEqual([[expect.stringContaining('the onViolation function threw'), new Error('not ours')]]);
  });
});

describe('a word that is no policy', () => {
  it.each(['ignore', 'THROW', '__proto__', 1, {}, Symbol('throw'), Object.create(null)] as OnViolation[])(
    'is refused, with the words that are: %p',
    (word) => {
      expect(() => policyOf(word)).toThrow(TypeError);
      expect(() => policyOf(word)).toThrow(/^onViolation: expected 'throw', 'warn', 'collect' or a function, got /);
    },
  );
});

describe('a checker that throws', () => {
  function scene(): { ld: Lockdep; a: LockInstance; b: LockInstance; c: LockInstance } {
    const ld = createLockdep({ onViolation: 'throw', now: () => 0 });
    const [a, b, c] = locks(ld, ['a', 'b', 'c']);
    nest(ld.owner('p'), [a, b]);
    return { ld, a, b, c };
  }

  it('does not give the lock, and throws again for the same wrong acquire', () => {
    const { ld, a, b } = scene();
    const q = ld.owner('q');
    q.acquire(b);
    for (let turn = 1; turn <= 3; turn++) {
      expect(() => q.acquire(a)).toThrow('order-cycle: q asks for a while holding b; p went the other way round.');
      expect([heldNames(q), findings(ld)]).toEqual([['b'], [`order-cycle possible ×${turn}`]]);
    }
  });

  it('has seen nothing but the defect', () => {
    const { ld, a, b } = scene();
    const q = ld.owner('q');
    q.acquire(b);
    const before = ld.snapshot();
    expect(() => q.acquire(a)).toThrow(LockdepError);
    expect({ ...ld.snapshot(), violations: [] }).toEqual(before);
  });

  it('goes on with legal orders after that', () => {
    const { ld, a, b, c } = scene();
    const q = ld.owner('q');
    q.acquire(b);
    expect(() => q.acquire(a)).toThrow(LockdepError);
    q.acquire(c);
    q.release(c);
    q.release(b);
    nest(q, [a, b, c]);
    expect([heldNames(q), findings(ld)]).toEqual([[], ['order-cycle possible ×1']]);
  });

  it('throws the violation that it collects', () => {
    const { ld, a } = scene();
    let thrown: unknown;
    try {
      ld.owner('q').release(a);
    } catch (error) {
      thrown = error;
    }
    expect((thrown as LockdepError).violation).toBe(ld.violations[0]);
  });

  it('collects every defect of an acquire, though it throws one', () => {
    const { ld, a, b, c } = scene();
    nest(ld.owner('p'), [a, c]);
    const q = ld.owner('q');
    q.acquire(b);
    q.acquire(c, { try: true });
    expect(() => q.acquire(a)).toThrow(LockdepError);
    expect(findings(ld)).toEqual(['order-cycle possible ×1', 'order-cycle possible ×1']);
  });

  it('does not throw a warning', () => {
    const { ld } = scene();
    const [one, other] = locks(ld, ['same', 'same']);
    nest(ld.owner('q'), [one, other]);
    expect(ld.violations.map(({ severity }) => severity)).toEqual(['warning']);
  });

  it('loses no lock when a release in the middle throws', () => {
    const ld = createLockdep({ onViolation: 'throw' });
    const [a, c, d] = locks(ld, ['a', 'c', 'd']);
    const [r] = locks(ld, ['r'], { kind: 'rwlock' });
    const p = ld.owner('p');
    nest(ld.owner('q'), [c, a]);
    p.acquire(a);
    p.acquire(r, { mode: 'recursive-shared' });
    const taken = ['a', ...[c, d].filter((lock) => succeeds(() => p.acquire(lock))).map(({ name }) => name)];
    succeeds(() => p.release(r));
    expect(heldNames(p)).toEqual(taken);
  });

  it('has ended an owner when that throws', () => {
    const { ld, a, b } = scene();
    const q = ld.owner('q');
    q.acquire(a);
    q.acquire(b);
    expect(() => q.exit()).toThrow('held-at-exit: q ended with a held.');
    expect([heldNames(q), ld.holdersOf(a), findings(ld).length]).toEqual([[], [], 2]);
  });
});

describe('a checker with a policy of one’s own', () => {
  it('has recorded the defect, and the lock, when that throws', () => {
    const ld = createLockdep({
      onViolation: () => {
        throw new Error('not ours');
      },
    });
    const [a, b] = locks(ld, ['a', 'b']);
    nest(ld.owner('p'), [a, b]);
    const lines = printed('error', () => {
      ld.owner('q').acquire(b);
      ld.owner('q').acquire(a);
    });
    expect([lines.length, heldNames(ld.owner('q')), findings(ld)]).toEqual([
      1,
      ['b', 'a'],
      ['order-cycle possible ×1'],
    ]);
    expect(ld.failure).toBeNull();
  });

  it('may read the checker', () => {
    const pictures: string[] = [];
    const ld: Lockdep = createLockdep({ onViolation: () => pictures.push(picture(ld)) });
    ld.owner('p').release(ld.lock('a'));
    expect(pictures).toEqual([picture(ld)]);
  });
});
