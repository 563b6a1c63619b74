import fc from 'fast-check';
import { isGoingOn, isOfRun, newRun, pidOf, runOf } from '../../lib/cli/run-id.ts';

const time = fc.integer({ min: Date.UTC(2020), max: Date.UTC(2059) });
const pid = fc.integer({ min: 1, max: 2 ** 22 });

describe('the id of a run', () => {
  test('is of letters and digits, and gives the process back', () => {
    fc.assert(
      fc.property(time, pid, (now, id) => {
        const run = newRun(now, id);
        return /^[a-z0-9]+$/.test(run) && pidOf(run) === id && runOf(`${run}-${id}-0.json`) === run;
      }),
    );
  });

  test('sorts by time', () => {
    fc.assert(
      fc.property(time, pid, pid, (now, id, other) => newRun(now, id).slice(0, 9) < newRun(now + 1, other).slice(0, 9)),
    );
  });

  test('tells our files from others', () => {
    const run = newRun(Date.UTC(2026), 77);
    const ours = [`${run}-1-0.json`, `${run}-1-2-3.json`, `${run}-1-0.failed`, `${run}-1-0.json.tmp`];
    expect(ours.map(runOf)).toEqual(ours.map(() => run));
    const others = ['package.json', 'report.json', 'baseline-1-0.json', '.gitignore', `${run}.json`, `${run}-a-b.json`];
    expect(others.map(runOf)).toEqual(others.map(() => undefined));
    expect(ours.map((name) => isOfRun(name, run))).toEqual([true, true, true, false]);
  });

  test('tells whether it is going on', () => {
    expect(isGoingOn(newRun(Date.now(), process.ppid))).toBe(true);
    expect(isGoingOn(newRun(Date.now(), process.pid))).toBe(false);
    expect(isGoingOn(newRun(Date.now(), 2 ** 22 + 1))).toBe(false);
    expect(isGoingOn('0mabcdefg')).toBe(false);
  });
});
