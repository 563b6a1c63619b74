import { PeerOwner } from '../../lib/state/peer-owner.ts';
import { findings, only } from '../state/world.ts';
import { checker, checkers, goes, heard, MemoryLog, own, shared } from './logs.ts';

describe('two checkers that share a log', () => {
  it('report a cycle of which each saw a half, where it is closed', () => {
    const { all } = checkers(2);
    const [one, other] = all as [(typeof all)[0], (typeof all)[0]];
    goes(one, 'ab', 'p');
    expect(findings(one)).toEqual([]);
    goes(other, 'ba', 'q');
    const cycle = only(other, 'order-cycle');
    expect(cycle.confidence).toBe('possible');
    expect(cycle.edges.map(({ witness }) => [witness.owner, witness.process])).toEqual([
      ['q', 't1'],
      ['p', 't0'],
    ]);
    expect(cycle.message).toBe('q asks for a while holding b; p went the other way round.');
    expect(findings(one)).toEqual([]);
    expect(heard(one)).toEqual(['order-cycle possible']);
    expect(heard(other)).toEqual([]);
  });

  it('count an owner of one name as two', () => {
    const { all } = checkers(2);
    goes(all[0]!, 'ab');
    goes(all[1]!, 'ba');
    expect(findings(all[1]!)).toEqual(['order-cycle possible ×1']);
  });

  it('give a defect one name, whoever finds it', () => {
    const fingerprints = [
      [0, 1],
      [1, 0],
    ].map(([first, second]) => {
      const { all } = checkers(2);
      goes(all[first!]!, 'ab');
      goes(all[second!]!, 'ba');
      return only(all[second!]!, 'order-cycle').fingerprint;
    });
    const alone = checker('alone', null);
    goes(alone, 'ab');
    goes(alone, 'ba');
    expect(new Set([...fingerprints, only(alone, 'order-cycle').fingerprint]).size).toBe(1);
  });

  it('judge each acquire that closes it, wherever it comes', () => {
    const { all } = checkers(2);
    goes(all[0]!, 'ab');
    goes(all[1]!, 'ba');
    goes(all[1]!, 'ba');
    goes(all[0]!, 'ba');
    goes(all[0]!, 'ab');
    expect(findings(all[1]!)).toEqual(['order-cycle possible ×2']);
    expect(findings(all[0]!)).toEqual(['order-cycle possible ×1']);
  });

  it('tell each other what they knew before they joined', () => {
    const log = new MemoryLog();
    const [one, other] = ['t0', 't1'].map((name) => checker(name, null)) as [
      ReturnType<typeof checker>,
      ReturnType<typeof checker>,
    ];
    goes(one, 'ab');
    goes(other, 'ba');
    one.join(log);
    expect(findings(one)).toEqual([]);
    other.join(log);
    expect(findings(other)).toEqual(['order-cycle possible ×1']);
    // What was proved by the dependency is judged from here on.
    goes(other, 'ba');
    expect(findings(other)).toEqual(['order-cycle possible ×2']);
    goes(one, 'ab');
    expect(findings(one)).toEqual([]);
  });

  it('tell each other what they found before they joined', () => {
    const log = new MemoryLog();
    const one = checker('t0', null);
    goes(one, 'ab');
    goes(one, 'ba', 'q');
    one.join(log);
    expect(findings(one)).toEqual(['order-cycle possible ×1']);
    expect(heard(checker('t1', log))).toEqual(['order-cycle possible']);
  });

  it('join one log only', () => {
    const one = checker('t0', new MemoryLog());
    expect(() => one.join(new MemoryLog())).toThrow('has joined a log already');
  });
});

describe('several checkers', () => {
  it('find a cycle of which each saw one step', () => {
    const { all } = checkers(3);
    goes(all[0]!, 'ab');
    goes(all[1]!, 'bc');
    goes(all[2]!, 'ca');
    expect(all.map(findings)).toEqual([[], [], ['order-cycle possible ×1']]);
    expect(only(all[2]!, 'order-cycle').edges.map(({ witness }) => witness.process)).toEqual(['t2', 't0', 't1']);
  });

  it('unite what the others found', () => {
    const { all } = checkers(3);
    goes(all[0]!, 'ab');
    goes(all[1]!, 'ba');
    goes(all[2]!, 'ba');
    expect(all[0]!.peerViolations.map(({ count }) => count)).toEqual([2]);
  });
});

describe('readers', () => {
  const read = (
    ld: ReturnType<typeof checker>,
    held: string,
    mode: 'shared' | 'recursive-shared',
    wanted: string,
  ): void => {
    const [first, second] = [held, wanted].map((name) => shared(ld, name, { kind: 'rwlock' })) as never as [
      never,
      never,
    ];
    const owner = ld.owner('p');
    owner.acquire(first, { mode: 'shared' });
    owner.acquire(second, { mode });
    owner.release(second);
    owner.release(first);
  };

  it('are told as such: recursive ones do not wait for readers', () => {
    const { all } = checkers(2, { profile: 'kernel' });
    read(all[0]!, 'r', 'recursive-shared', 's');
    read(all[1]!, 's', 'recursive-shared', 'r');
    expect(all.flatMap(findings)).toEqual([]);
    read(all[0]!, 'r', 'shared', 's');
    read(all[1]!, 's', 'shared', 'r');
    expect(all.map(findings)).toEqual([[], ['order-cycle possible ×1']]);
  });
});

describe('classes of others', () => {
  it.each(['__proto__', 'constructor', 'x'.repeat(10_000), '🔒', '\ud800', 'a\u0001b', '"\\\n'])(
    'may be called %j',
    (name) => {
      const { all } = checkers(2);
      const names = [name, 'b'];
      for (const [at, ld] of all.entries()) {
        const [first, second] = (at === 0 ? names : names.toReversed()).map((one) => shared(ld, one)) as never as [
          never,
          never,
        ];
        ld.owner('p').acquire(first);
        ld.owner('p').acquire(second);
      }
      expect(only(all[1]!, 'order-cycle').edges.map(({ from }) => from.name)).toEqual(['b', name]);
      expect(all.map(({ failure }) => failure)).toEqual([null, null]);
    },
  );

  it('are the same on each nesting level', () => {
    const { all } = checkers(2);
    for (const [at, ld] of all.entries()) {
      const [a, b] = [shared(ld, 'a'), shared(ld, 'b')];
      const owner = ld.owner('p');
      if (at === 0) {
        owner.acquire(a, { subclass: 2 });
        owner.acquire(b);
      } else {
        owner.acquire(b);
        owner.acquire(a, { subclass: 2 });
      }
    }
    expect(only(all[1]!, 'order-cycle').edges.map(({ from }) => from.name)).toEqual(['b', 'a/2']);
  });

  it('may be of a kind that is not known here, and are what is declared here as soon as it is', () => {
    const { all } = checkers(2);
    all[0]!.kind({ name: 'own kind', inner: 'spin' });
    all[1]!.lock('other');
    const [a, b] = [shared(all[0]!, 'a', { kind: 'own kind' }), shared(all[0]!, 'b')];
    all[0]!.owner('p').acquire(b);
    all[0]!.owner('p').acquire(a);
    goes(all[1]!, 'xy');
    all[1]!.kind({ name: 'own kind', inner: 'config' });
    const here = shared(all[1]!, 'a', { kind: 'own kind', level: 3 });
    expect(here.class.kind.inner).toBe('config');
    expect(here.class.traits.level).toBe(3);
    all[1]!.owner('q').acquire(here);
    all[1]!.owner('q').acquire(shared(all[1]!, 'b'));
    expect(all[1]!.violations.map(({ rule }) => rule)).toContain('order-cycle');
  });

  it('do not forbid another kind here', () => {
    const { all } = checkers(2);
    shared(all[0]!, 'a', { kind: 'semaphore', capacity: Number.POSITIVE_INFINITY });
    goes(all[0]!, 'ab');
    goes(all[1]!, 'xy');
    expect(all[1]!.lock('a', { kind: 'mutex' }).class.kind.name).toBe('mutex');
    expect(all[1]!.lock('a').class.instances).toBe(2);
  });
});

describe('gates', () => {
  const under = (ld: ReturnType<typeof checker>, gate: ReturnType<typeof shared> | null, names: string): void => {
    const owner = ld.owner('p');
    if (gate !== null) owner.acquire(gate);
    for (const name of names) owner.acquire(shared(ld, name));
    for (const name of [...names].reverse()) owner.release(shared(ld, name));
    if (gate !== null) owner.release(gate);
  };

  it('that threads share keep a cycle over threads quiet', () => {
    const { all } = checkers(2);
    under(all[0]!, shared(all[0]!, 'g'), 'ab');
    under(all[1]!, shared(all[1]!, 'g'), 'ba');
    expect(all.map(findings)).toEqual([[], []]);
    expect(all[1]!.quiet).toHaveLength(1);
  });

  it('of one thread do not', () => {
    const { all } = checkers(2);
    under(all[0]!, own(all[0]!, 'g'), 'ab');
    under(all[1]!, own(all[1]!, 'g'), 'ba');
    expect(all.map(findings)).toEqual([[], ['order-cycle possible ×1']]);
  });

  it('of one thread keep its own locks apart, in each thread the same', () => {
    const { all } = checkers(2);
    const run = (ld: (typeof all)[0], names: string): void => {
      const owner = ld.owner('p');
      const locks = ['g', ...names].map((name) => own(ld, name));
      for (const lock of locks) owner.acquire(lock);
      for (const lock of locks.toReversed()) owner.release(lock);
    };
    for (const ld of all) {
      run(ld, 'ab');
      run(ld, 'ba');
    }
    expect(all.map(findings)).toEqual([[], []]);
  });

  it('are told again when somebody passes one by: whoever does so reports it', () => {
    const { all } = checkers(3);
    under(all[0]!, shared(all[0]!, 'g'), 'ab');
    under(all[1]!, shared(all[1]!, 'g'), 'ba');
    under(all[2]!, null, 'ab');
    expect(all.map(findings)).toEqual([[], [], ['order-cycle possible ×1']]);
    expect(heard(all[0]!)).toEqual(['order-cycle possible']);
  });

  it('are told again when their finder passes one by', () => {
    const { all } = checkers(2);
    under(all[0]!, shared(all[0]!, 'g'), 'ab');
    under(all[1]!, shared(all[1]!, 'g'), 'ba');
    under(all[1]!, null, 'ba');
    expect(all.map(findings)).toEqual([[], ['order-cycle possible ×2']]);
    under(all[0]!, null, 'ab');
    expect(findings(all[0]!)).toEqual([]);
  });

  describe('that are passed by before a checker joins: it reports the cycle as it does', () => {
    const isQuiet = (ld: ReturnType<typeof checker>): void => {
      expect(findings(ld)).toEqual([]);
      expect(ld.quiet).toHaveLength(1);
    };

    it('where it kept the cycle quiet itself', () => {
      const { log, all } = checkers(1);
      const late = checker('late', null);
      goes(late, 'gab');
      goes(late, 'gba');
      goes(all[0]!, 'ab');
      isQuiet(late);
      late.join(log);
      expect(findings(late)).toEqual(['order-cycle possible ×1']);
      expect(late.quiet).toEqual([]);
      expect(findings(all[0]!)).toEqual([]);
      expect(heard(all[0]!)).toEqual(['order-cycle possible']);
    });

    it('where the gate is one that a half of the cycle was not under', () => {
      const { log, all } = checkers(1);
      const late = checker('late', null);
      goes(late, 'cga');
      goes(late, 'cag');
      goes(all[0]!, 'ag');
      isQuiet(late);
      late.join(log);
      expect(findings(late)).toEqual(['order-cycle possible ×1']);
    });

    it.each([
      ['another', ['gab', 'gba'], []],
      ['two others, who saw a half each', ['gab'], ['gba']],
    ])('where %s kept the cycle quiet', (_, first, second) => {
      const { log, all } = checkers(2);
      const late = checker('late', null);
      for (const names of first) goes(all[0]!, names);
      for (const names of second) goes(all[1]!, names);
      goes(late, 'ab');
      late.join(log);
      expect(findings(late)).toEqual(['order-cycle possible ×1']);
      expect(all.map(heard)).toEqual([['order-cycle possible'], ['order-cycle possible']]);
    });

    it('and nobody does where the gate was not passed by', () => {
      const { log, all } = checkers(1);
      const late = checker('late', null);
      goes(late, 'gab');
      goes(late, 'gba');
      goes(all[0]!, 'gab');
      late.join(log);
      isQuiet(late);
      expect(heard(all[0]!)).toEqual([]);
    });

    it('though somebody passes it by while what is kept quiet is being told', () => {
      const { log, all } = checkers(1);
      const late = checker('late', null);
      goes(all[0]!, 'gab');
      goes(late, 'gba');
      // Between what the late one knew and what it keeps quiet.
      log.before = (record) => {
        if (record.includes('"guarded"')) {
          log.before = () => {};
          goes(all[0]!, 'ab');
        }
      };
      late.join(log);
      expect([...all, late].map(findings)).toEqual([[], ['order-cycle possible ×1']]);
    });
  });
});

describe('uses in contexts', () => {
  it('are told: a handler in one thread, and who can be interrupted in another', () => {
    const { all } = checkers(2);
    const [handler, task] = [all[0]!.owner('p'), all[1]!.owner('p')];
    handler.hardirqEnter();
    handler.acquire(shared(all[0]!, 'a', { kind: 'raw_spin' }));
    handler.release(shared(all[0]!, 'a'));
    handler.hardirqExit();
    expect(findings(all[0]!)).toEqual([]);
    task.acquire(shared(all[1]!, 'a', { kind: 'raw_spin' }));
    const found = only(all[1]!, 'irq-inconsistent');
    expect([found.used.process, found.enabled.process]).toEqual(['t0', 't1']);
  });

  it('make paths over threads', () => {
    const { all } = checkers(3, { profile: 'kernel' });
    const spin = { kind: 'raw_spin' };
    const handler = all[0]!.owner('p');
    handler.hardirqEnter();
    handler.acquire(shared(all[0]!, 'a', spin));
    handler.release(shared(all[0]!, 'a'));
    handler.hardirqExit();
    const middle = all[1]!.owner('p');
    middle.hardirqDisable();
    middle.acquire(shared(all[1]!, 'a', spin));
    middle.acquire(shared(all[1]!, 'b', spin));
    expect(all.flatMap(findings)).toEqual([]);
    all[2]!.owner('p').acquire(shared(all[2]!, 'b', spin));
    const found = only(all[2]!, 'irq-inversion');
    expect(found.path.map(({ witness }) => witness.process)).toEqual(['t1']);
  });

  it('of a context that is not defined here wait until it is', () => {
    const { all } = checkers(2);
    all[0]!.context({ name: 'timer' });
    const handler = all[0]!.owner('p');
    handler.enter('timer');
    handler.acquire(shared(all[0]!, 'a'));
    handler.release(shared(all[0]!, 'a'));
    handler.exit('timer');
    goes(all[1]!, 'xy');
    all[1]!.context({ name: 'timer' });
    all[1]!.owner('q').acquire(shared(all[1]!, 'a'));
    expect(all[1]!.violations.map(({ rule }) => rule)).toEqual(['irq-inconsistent']);
  });
});

describe('an attempt that the policy throws at', () => {
  it('is not told, but for the finding', () => {
    const { all } = checkers(2, { onViolation: 'throw' });
    goes(all[0]!, 'ab');
    all[1]!.owner('q').acquire(shared(all[1]!, 'b'));
    expect(() => all[1]!.owner('q').acquire(shared(all[1]!, 'a'))).toThrow('order-cycle');
    expect(heard(all[0]!)).toEqual(['order-cycle possible']);
    // Had it been told, this would close a cycle with it.
    goes(all[0]!, 'ab');
    expect([...all[0]!.state.dependencies]).toHaveLength(1);
    expect(() => all[1]!.owner('q').acquire(shared(all[1]!, 'a'))).toThrow('order-cycle');
  });
});

describe('what cannot be read or written', () => {
  it.each(['{', '{"version":2}', '[]', 'null', '{"version":1,"source":0,"process":"t0","edges":[{"from":9}]}'])(
    '%s is passed over, with a note',
    (text) => {
      const { log, all } = checkers(2);
      log.append(text);
      goes(all[0]!, 'ab');
      goes(all[1]!, 'ba');
      expect(findings(all[1]!)).toEqual(['order-cycle possible ×1']);
      expect(all.map(({ failure }) => failure)).toEqual([null, null]);
      expect(all[1]!.snapshot().limits).toEqual([expect.stringContaining('could not be read')]);
    },
  );

  it('names nobody: a record of a checker that never joined', () => {
    const { log, all } = checkers(1);
    log.append(JSON.stringify({ version: 1, source: 77, process: 'x', edges: [] }));
    goes(all[0]!, 'ab');
    expect(all[0]!.notes[0]).toContain('has not joined');
  });

  it('a full log: each goes on alone, and still reads', () => {
    const { log, all } = checkers(2);
    goes(all[0]!, 'ab');
    log.limit = log.records.length;
    goes(all[1]!, 'cd');
    goes(all[1]!, 'ba');
    goes(all[1]!, 'ef');
    expect(findings(all[1]!)).toEqual(['order-cycle possible ×1']);
    expect(all[1]!.failure).toBeNull();
    goes(all[0]!, 'dc');
    expect(findings(all[0]!)).toEqual([]);
  });

  it('a checker that is off neither reads nor writes', () => {
    const { log, all } = checkers(2);
    const before = log.records.length;
    all[0]!.switchOff();
    goes(all[0]!, 'ab');
    expect(log.records).toHaveLength(before);
    goes(all[1]!, 'ba');
    expect(all[0]!.peerViolations).toEqual([]);
    expect(findings(all[1]!)).toEqual([]);
  });

  it('a log that fails switches the checker off, and not the program', () => {
    const { log, all } = checkers(1);
    log.read = () => {
      throw new Error('gone');
    };
    const said = jest.spyOn(console, 'error').mockImplementation(() => {});
    goes(all[0]!, 'ab');
    expect(all[0]!.failure).toContain('gone');
    expect(said).toHaveBeenCalledTimes(1);
    said.mockRestore();
  });
});

it('owners of others are known by process and name', () => {
  const { all } = checkers(2);
  goes(all[0]!, 'ab');
  goes(all[0]!, 'cd');
  goes(all[1]!, 'xy');
  const owners = [...all[1]!.state.dependencies].flatMap(({ witnesses }) => witnesses.map(({ owner }) => owner));
  const foreign = owners.filter((owner) => owner instanceof PeerOwner);
  expect(foreign).toHaveLength(2);
  expect(new Set(foreign).size).toBe(1);
});

it('a known step asks nobody', () => {
  const { log, all } = checkers(1);
  goes(all[0]!, 'ab');
  let asked = 0;
  const get = (): number => {
    asked++;
    return log.records.length;
  };
  Object.defineProperty(log, 'end', { get });
  for (let round = 0; round < 10; round++) goes(all[0]!, 'ab');
  expect(asked).toBe(0);
});

describe('owners of one name in two threads', () => {
  it('are told apart by their process', () => {
    const { all } = checkers(2);
    const [one, other] = all as [(typeof all)[0], (typeof all)[0]];
    goes(one, 'ab', 'cpu0');
    goes(other, 'ba', 'cpu0');
    expect(only(other, 'order-cycle').message).toBe(
      'cpu0 asks for a while holding b; cpu0 of t0 went the other way round.',
    );
  });
});
