import { compact } from '../../lib/report/compact.ts';
import { merge } from '../../lib/report/merge.ts';
import { lock, snapshot } from './support/build.ts';
import { expectGolden } from './support/golden.ts';
import {
  assertion,
  bankCycle,
  cycle,
  heldAtExit,
  poolNesting,
  recursion,
  release,
  stalled,
} from './support/violations.ts';

describe('the compact report', () => {
  test('has one line for each violation', () => {
    const violations = [
      bankCycle(),
      poolNesting(10, { fingerprint: '1' }),
      recursion(true, { fingerprint: '2' }),
      recursion(false, { fingerprint: '3', severity: 'warning' }),
      stalled({ fingerprint: '4' }),
      heldAtExit({ fingerprint: '5' }),
      heldAtExit({ fingerprint: '6', taken: null }),
      release('bad-release', { fingerprint: '7' }),
      release('wrong-owner-release', { fingerprint: '8' }),
      assertion('assert-held', { fingerprint: '9' }),
    ];
    const text = compact(merge([snapshot({ violations })]));
    expectGolden('compact.txt', text);
    expect(text.split('\n')).toHaveLength(violations.length + 1);
  });

  test('begins with the place of the attempt', () => {
    expect(compact(merge([snapshot({ violations: [bankCycle()] })]))).toBe(
      'src/settle.ts:41:23 error order-cycle orders → ledger → orders (established src/audit.ts:88:19) [c0a73c6201b5]\n',
    );
  });

  test('is empty for a clean run, and says so where it could not check', () => {
    expect(compact(merge([snapshot()]))).toBe('');
    expect(compact(merge([]))).toMatch(/^- could-not-check no snapshot was written: .* \(.*\)\n$/);
  });

  test('stays one line whatever the names are', () => {
    const text = compact(merge([snapshot({ violations: [cycle([lock('a\nb'), lock('c\x1b[2J')])] })]));
    expect(text.match(/\n/g)).toHaveLength(1);
    expect(text).not.toContain('\x1b');
  });
});
