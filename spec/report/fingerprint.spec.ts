import fc from 'fast-check';
import { cycleFingerprint, fingerprint } from '../../lib/model/fingerprint.ts';
import type { RuleId } from '../../lib/model/violation.ts';

const keys = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 6 });

describe('fingerprints', () => {
  test('are twelve hex digits', () => {
    fc.assert(fc.property(keys, (parts) => /^[0-9a-f]{12}$/.test(fingerprint('recursion', parts))));
  });

  test('are the same for ever: a baseline holds them', () => {
    expect(fingerprint('recursion', ['account'])).toBe('911fd0028036');
    expect(cycleFingerprint(['orders', 'ledger'])).toBe('c0a73c6201b5');
  });

  test('are those of a plain FNV-1a over 64 bits, folded', () => {
    fc.assert(fc.property(keys, (parts) => fingerprint('stalled', parts) === slow('stalled', parts)));
  });

  test('tell rules and parts apart', () => {
    const all = [
      fingerprint('recursion', ['ab', 'c']),
      fingerprint('recursion', ['a', 'bc']),
      fingerprint('recursion', ['abc']),
      fingerprint('recursion', ['abc', '']),
      fingerprint('stalled', ['abc']),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test('do not collide over a hundred thousand names', () => {
    const all = new Set(Array.from({ length: 100_000 }, (_, at) => fingerprint('held-at-exit', [`lock${at}`])));
    expect(all.size).toBe(100_000);
  });

  test('of a cycle do not depend on where it begins', () => {
    fc.assert(
      fc.property(keys, fc.nat(), (cycle, turn) => {
        const by = turn % cycle.length;
        return cycleFingerprint(cycle) === cycleFingerprint([...cycle.slice(by), ...cycle.slice(0, by)]);
      }),
    );
  });

  test('of a cycle do depend on its direction', () => {
    expect(cycleFingerprint(['a', 'b', 'c'])).not.toBe(cycleFingerprint(['a', 'c', 'b']));
  });
});

/** The same, slow and obvious. */
function slow(rule: RuleId, parts: readonly string[]): string {
  const units = [rule, ...parts].flatMap((part) => [
    part.length & 0xffff,
    part.length >>> 16,
    ...Array.from({ length: part.length }, (_, at) => part.charCodeAt(at)),
  ]);
  const hash = units
    .flatMap((unit) => [unit & 0xff, unit >>> 8])
    .reduce((sum, byte) => ((sum ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn, 0xcbf29ce484222325n);
  return ((hash ^ (hash >> 48n)) & 0xffffffffffffn).toString(16).padStart(12, '0');
}
