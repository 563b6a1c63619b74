import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createLockdep } from '../../lib/lockdep.ts';
import type { Snapshot } from '../../lib/model/snapshot.ts';
import { snapshot } from '../report/support/build.ts';
import { removeWorlds, type World, world } from './support/world.ts';

afterEach(removeWorlds);

const SITE = { file: 'src/ledger.ts', line: 38, column: 23 };
const OTHER = { file: 'src/refund.ts', line: 9, column: 3 };

/** What a thread saw that waited so long for the ledger, and took the others as well. */
function thread(pid: number, waits: readonly number[]): Snapshot {
  let now = 0;
  const ld = createLockdep({ stats: true, now: () => now, process: String(pid) });
  const p = ld.owner('p');
  for (const [name, level, ms] of [
    ['queue', 1, 4],
    ['ledger', 2, 2],
    ['ledger', 2, pid],
  ] as const) {
    const lock = ld.lock(name, { kind: 'spin', level });
    p.acquire(lock);
    now += ms;
    p.release(lock);
  }
  for (const waitMs of waits) {
    const holder = { owner: 'settle', site: OTHER };
    ld.profile.contended(ld.lock('ledger').class, { waitMs, spins: 1000, site: SITE, holder });
  }
  return ld.snapshot({ pid, command: 'node app.js', startedAt: pid, ending: 'drained' });
}

function write(at: World, ...snapshots: readonly Snapshot[]): void {
  for (const [index, one] of snapshots.entries()) {
    writeFileSync(path.join(at.folder, `${index}.json`), JSON.stringify(one));
  }
}

describe('report --stats', () => {
  it('prints what the locks of all threads cost, the worst first', async () => {
    const at = world();
    write(at, thread(11, [10, 20]), thread(12, [30]));
    expect(await at.lockdep('report', '--stats', '.')).toBe(0);
    expect(at.out.split('\n')).toEqual([
      '  class   acquired  waits  spins   waited      p50    p99    max    held    p99    max',
      '  ledger         4      3  3,000    60 ms  19.9 ms  30 ms  30 ms   27 ms  12 ms  12 ms',
      '  queue          2      0      0        –        –      –      –    8 ms   4 ms   4 ms',
      '',
      '  level  classes  acquired  waits  spins   waited      p50    p99    max    held    p99    max',
      '      2  ledger          4      3  3,000    60 ms  19.9 ms  30 ms  30 ms   27 ms  12 ms  12 ms',
      '      1  queue           2      0      0        –        –      –      –    8 ms   4 ms   4 ms',
      '',
      '  waited longest in all',
      '      ledger  3× 60 ms   src/ledger.ts:38:23',
      '          for settle (src/refund.ts:9:3) 3×',
      '',
      '  held longest, taken',
      expect.stringMatching(/^ {6}ledger {2}12 ms {3}\S*stats\.spec\.ts:\d+:\d+/),
      expect.stringMatching(/^ {6}queue {2}4 ms {5}\S*stats\.spec\.ts:\d+:\d+/),
      '',
      '✓ no violations · 2 classes, 0 dependencies, 6 acquisitions · 2 processes',
      '',
    ]);
  });

  it('writes the same with percentiles as JSON', async () => {
    const at = world();
    write(at, thread(11, [10, 20]), thread(12, [30]));
    await at.lockdep('report', '--stats', '--format', 'json', '.');
    const { stats } = JSON.parse(at.out);
    expect(stats.classes[0]).toMatchObject({
      name: 'ledger',
      level: 2,
      acquisitions: 4,
      contentions: 3,
      spins: 3000,
      wait: { count: 3, total: 60, min: 10, mean: 20, max: 30, p99: 30 },
      hold: { count: 4, total: 27, min: 2, max: 12 },
      longestHold: { ms: 12, process: '12' },
      sites: [{ site: SITE, waits: 3, waitMs: 60, waitedFor: [{ owner: 'settle', site: OTHER, waits: 3 }] }],
    });
    expect(Math.abs(stats.classes[0].wait.p50 - 20)).toBeLessThan(20 * 0.045);
    expect(stats.levels).toMatchObject([
      { level: 2, classes: ['ledger'] },
      { level: 1, classes: ['queue'] },
    ]);
  });

  it('is the same in whatever order the snapshots come', async () => {
    const [one, other] = [world(), world()];
    const [first, second] = [thread(11, [10, 20]), thread(12, [30])];
    write(one, first, second);
    write(other, second, first);
    for (const at of [one, other]) await at.lockdep('report', '--stats', '--format', 'json', '.');
    expect(other.out).toBe(one.out);
  });

  it('fits 110 columns, whatever the classes are called', async () => {
    const at = world();
    const seen = thread(11, [12_345.678, 0.000_123, 1e9]);
    const classes = seen.classes.map((one) => ({ ...one, name: `${one.name} ${'long '.repeat(30)}` }));
    write(at, { ...seen, classes: classes.map((one) => ({ ...one, acquisitions: 123_456_789 })) });
    await at.lockdep('report', '--stats', '.');
    const [tables = ''] = at.out.split('held longest');
    expect(Math.max(...tables.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(110);
  });

  it('says where nothing was measured, and how to do that', async () => {
    const at = world();
    write(at, snapshot());
    await at.lockdep('report', '--stats', '.');
    expect(at.out).toContain('nobody waited for a lock');
    expect(at.out.replaceAll(/\s+/g, ' ')).toContain(
      'How long locks were held was not measured: use `lockdep run --stats`',
    );
  });

  it('is not there where nobody asks for it', async () => {
    const at = world();
    write(at, thread(11, [10]));
    await at.lockdep('report', '.');
    expect(at.out).not.toContain('waited');
    at.out = '';
    await at.lockdep('report', '--format', 'json', '.');
    expect(JSON.parse(at.out)).not.toHaveProperty('stats');
  });

  it('is refused for a format that has no place for it', async () => {
    const at = world();
    write(at, thread(11, [10]));
    expect(await at.lockdep('report', '--stats', '--format', 'compact', '.')).toBe(2);
    expect(at.err).toBe("lockdep: the format 'compact' has no place for --stats; choose text or json\n");
  });

  it.each([
    [{ contentions: 'many' }, 'classes[0].stats.contentions is not a number'],
    [{ hold: { count: 1 } }, 'classes[0].stats.hold.sum is missing'],
    [{ sites: [{ site: null }] }, 'classes[0].stats.sites[0].waits is missing'],
  ])('refuses a snapshot with %j', async (wrong, problem) => {
    const at = world();
    const seen = thread(11, [10]);
    const classes = seen.classes.map((one) => ({ ...one, stats: { ...one.stats, ...wrong } }));
    write(at, { ...seen, classes } as never);
    expect(await at.lockdep('report', '--stats', '.')).toBe(2);
    expect(at.out.replaceAll(/\s+/g, ' ')).toContain(problem);
  });
});

describe('run --stats', () => {
  const print = 'require("fs").writeFileSync("seen", String(process.env.LOCKDEP_STATS))';

  it('has the processes measure, and prints what they measured', async () => {
    const stats = JSON.stringify({ classes: thread(11, [10]).classes });
    const at = world({ STUB_SNAPSHOT: stats });
    expect(await at.lockdep('run', '--stats', process.execPath, '-e', `${print};`)).toBe(0);
    expect(at.err).toMatch(/^ {2}class +acquired/m);
    expect(readFileSync(path.join(at.folder, 'seen'), 'utf8')).toBe('1');
  });

  it('is meant by LOCKDEP_STATS=1 too', async () => {
    const at = world({ LOCKDEP_STATS: '1', STUB_SNAPSHOT: JSON.stringify({ classes: thread(11, [10]).classes }) });
    await at.lockdep('run', process.execPath, '-e', '0');
    expect(at.err).toMatch(/^ {2}class +acquired/m);
  });
});
