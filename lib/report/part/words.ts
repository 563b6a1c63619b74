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

/** `12 ms`, `1.2 s`, `2 min 11 s`, `3 h 4 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
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
