import fc from 'fast-check';
import { cycleFingerprint, fingerprint } from '../../lib/model/fingerprint.ts';

/** FNV-1a as its authors give it, in whole numbers of any size, folded to 48 bits. */
function naive(parts: readonly string[]): string {
  const bytes = parts.flatMap((part) => {
    const units = [part.length & 0xffff, part.length >>> 16, ...Array.from({ length: part.length }, unitOf(part))];
    return units.flatMap((unit) => [unit & 0xff, unit >>> 8]);
  });
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return ((hash >> 48n) ^ BigInt.asUintN(48, hash)).toString(16).padStart(12, '0');
}

const unitOf =
  (part: string) =>
  (_: unknown, at: number): number =>
    part.charCodeAt(at);

const anyString = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', ''));

describe('a fingerprint', () => {
  it('is twelve hex digits', () => {
    fc.assert(
      fc.property(fc.array(anyString), (parts) => {
        expect(fingerprint('recursion', parts)).toMatch(/^[0-9a-f]{12}$/);
      }),
    );
  });

  it('is that of the 64-bit hash, done slowly', () => {
    fc.assert(
      fc.property(fc.array(anyString), (parts) => {
        expect(fingerprint('recursion', parts)).toBe(naive(['recursion', ...parts]));
      }),
      { numRuns: 1000 },
    );
  });

  it('stays the same from one version to the next: baselines hold it', () => {
    expect(fingerprint('recursion', [])).toBe('56d8d76e2c22');
    expect(fingerprint('bad-release', ['ledger', 'a.ts#f#x'])).toBe('51c831ef3485');
    expect(cycleFingerprint(['b', 'a'])).toBe('fec738ee5fe4');
  });

  it('tells rules and parts apart', () => {
    const all = [
      fingerprint('recursion', ['ab', 'c']),
      fingerprint('recursion', ['a', 'bc']),
      fingerprint('recursion', ['abc']),
      fingerprint('recursion', ['abc', '']),
      fingerprint('recursion', ['c', 'ab']),
      fingerprint('bad-release', ['abc']),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('is different for a thousand defects that differ by one character', () => {
    const all = Array.from({ length: 1000 }, (_, at) => fingerprint('recursion', [String.fromCharCode(at)]));
    expect(new Set(all).size).toBe(1000);
  });
});

describe('the fingerprint of a cycle', () => {
  const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'ab', ''), { minLength: 1, maxLength: 6 });

  it('is the same wherever the cycle is entered', () => {
    fc.assert(
      fc.property(keys, fc.nat(5), (cycle, turn) => {
        const start = turn % cycle.length;
        expect(cycleFingerprint([...cycle.slice(start), ...cycle.slice(0, start)])).toBe(cycleFingerprint(cycle));
      }),
    );
  });

  it('is another one the other way round', () => {
    expect(cycleFingerprint(['a', 'b', 'c'])).not.toBe(cycleFingerprint(['c', 'b', 'a']));
    expect(cycleFingerprint(['a', 'b'])).toBe(cycleFingerprint(['b', 'a']));
  });

  it('is another one through other classes, or fewer', () => {
    const all = [['a', 'b'], ['a', 'c'], ['a', 'b', 'c'], ['a', 'b', 'a', 'c'], ['ab'], ['a']].map(cycleFingerprint);
    expect(new Set(all).size).toBe(all.length);
  });
});
