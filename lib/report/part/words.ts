/**
 * Numbers as people read them, and verbs.
 */
import type { ReleaseViolation } from '../../model/violation.ts';

/** What was done with a lock. */
export const DONE: Readonly<Record<ReleaseViolation['act'], string>> = {
  releases: 'released',
  downgrades: 'downgraded',
  upgrades: 'upgraded',
  're-classes': 're-classed',
};

/** The same, to be told to do it. */
export const DO: Readonly<Record<ReleaseViolation['act'], string>> = {
  releases: 'release',
  downgrades: 'downgrade',
  upgrades: 'upgrade',
  're-classes': 're-class',
};

/** `1 error`, `2 errors`, `5,812 classes`. */
export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${digits(number)} ${number === 1 ? one : many}`;
}

/** `once`, `twice`, `1,204 times`. */
export function times(number: number): string {
  return number === 1 ? 'once' : number === 2 ? 'twice' : `${digits(number)} times`;
}

/** `5,812`. Not by locale: the same report reads the same everywhere. */
export function digits(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `0.312 ms`, `12 ms`, `1.2 s`, `2 min 11 s`, `3 h 4 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (milliseconds < 10) {
    return `${Number(milliseconds.toPrecision(3))} ms`;
  }
  if (milliseconds < 1000) {
    return `${Math.round(milliseconds)} ms`;
  }
  if (seconds < 60) {
    return `${(Math.floor(milliseconds / 100) / 10).toFixed(1)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const UNITS: readonly (readonly [milliseconds: number, unit: string])[] = [
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
  [1, 'ms'],
  [1e-3, 'µs'],
  [1e-6, 'ns'],
];

/** `0`, `38 ns`, `1.21 µs`, `12.3 ms`, `1.2 s`, `2.2 min`: short, for columns. Three digits that count, two from a minute on. */
export function shortTime(milliseconds: number): string {
  const [size, unit] = UNITS.find(([least]) => milliseconds >= least) ?? [1e-6, 'ns'];
  const value = Number((milliseconds / size).toPrecision(size > 1000 ? 2 : 3));
  return value === 0 ? '0' : `${value} ${unit}`;
}

/** `5,812`, `58k`, `1.2M`, `34G`: short, for columns. */
export function compactCount(number: number): string {
  if (number < 10_000) {
    return digits(Math.round(number));
  }
  const [size, unit] = number < 999_500 ? [1e3, 'k'] : number < 999_500_000 ? [1e6, 'M'] : [1e9, 'G'];
  const value = number / size;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${unit}`;
}
