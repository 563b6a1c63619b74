/**
 * What is said of the units of a counting resource: those of a pool are connections.
 */
import type { ClassRef } from './lock.ts';

/** `connection` for a pool, else `unit`. */
export function unitOf({ kind }: Pick<ClassRef, 'kind'>): string {
  return isPool({ kind }) ? 'connection' : 'unit';
}

export function isPool({ kind }: Pick<ClassRef, 'kind'>): boolean {
  return kind === 'pool';
}

/** What an owner asks for or holds: `orders`, or `a connection of db`. @param name what the class is called here */
export function shareOf(lock: Pick<ClassRef, 'kind' | 'name'>, name: string = lock.name): string {
  return isPool(lock) ? `a connection of ${name}` : name;
}
