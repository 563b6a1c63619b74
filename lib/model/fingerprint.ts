/**
 * The short name of a defect: twelve hex digits that stay the same in every run, process and order of events, so that
 * a baseline can hold it. They name, they do not protect: the hash is FNV-1a (64 bits), folded to 48 bits by exclusive or
 * as its authors advise (http://www.isthe.com/chongo/tech/comp/fnv/#xor-fold). With 10 000 defects the chance
 * that any two share a name is below one in five million. No BigInt: the two halves are multiplied by hand.
 */
import type { ClassRef, Site } from './lock.ts';
import type { RuleId } from './rule.ts';

const OFFSET_HIGH = 0xcbf29ce4;
const OFFSET_LOW = 0x84222325;
/** The FNV prime is 2^40 + 0x1b3: a shift of the low half by 8 into the high one, and a factor that a double holds exactly. */
const PRIME_LOW = 0x1b3;
const TWO_32 = 0x1_0000_0000;

/** The fingerprint of a defect of `rule` that is told apart from others by `parts`, in this order. */
export function fingerprint(rule: RuleId, parts: readonly string[]): string {
  const hash = { high: OFFSET_HIGH, low: OFFSET_LOW };
  for (const part of [rule, ...parts]) {
    // The length goes in first, so that ['ab', 'c'] and ['a', 'bc'] differ.
    addUnit(hash, part.length & 0xffff);
    addUnit(hash, part.length >>> 16);
    for (let at = 0; at < part.length; at++) {
      addUnit(hash, part.charCodeAt(at));
    }
  }
  const folded = (hash.low ^ (hash.high >>> 16)) >>> 0;
  return (hash.high & 0xffff).toString(16).padStart(4, '0') + folded.toString(16).padStart(8, '0');
}

/**
 * What a fingerprint knows a class by: its declared name, or the text and the function of the line that made it. Unlike the
 * key it does not change when lines above are added or taken away.
 */
export function classAnchor({ key, site }: ClassRef): string {
  return site === undefined ? key : placeAnchor(site);
}

/** What a fingerprint knows a place by: the file, the function and the text, which a shift of lines leaves alone. */
export function placeAnchor({ file, function: name = '', text, line, column }: Site): string {
  return `${file}#${name}#${text ?? `${line}:${column}`}`;
}

/**
 * The fingerprint of a lock-order cycle through the classes with these anchors, in forward order and without the
 * first one repeated at the end. Which class comes first, and so which dependency closed the cycle, does not matter.
 */
export function cycleFingerprint(keys: readonly string[]): string {
  return fingerprint('order-cycle', canonicalRotation(keys));
}

interface Hash {
  high: number;
  low: number;
}

function addUnit(hash: Hash, unit: number): void {
  addByte(hash, unit & 0xff);
  addByte(hash, unit >>> 8);
}

function addByte(hash: Hash, byte: number): void {
  const low = (hash.low ^ byte) >>> 0;
  const product = low * PRIME_LOW;
  hash.low = (product % TWO_32) >>> 0;
  hash.high = (Math.imul(hash.high, PRIME_LOW) + (low << 8) + Math.floor(product / TWO_32)) >>> 0;
}

/** The rotation that sorts first. A class may occur twice (once as a reader, once not), so all rotations are compared. */
function canonicalRotation(keys: readonly string[]): readonly string[] {
  let best = keys;
  for (let start = 1; start < keys.length; start++) {
    const rotated = [...keys.slice(start), ...keys.slice(0, start)];
    if (isBefore(rotated, best)) {
      best = rotated;
    }
  }
  return best;
}

function isBefore(left: readonly string[], right: readonly string[]): boolean {
  for (const [at, key] of left.entries()) {
    const other = right[at] as string;
    if (key !== other) {
      return key < other;
    }
  }
  return false;
}
