/**
 * What to do about connections of a pool: several rules find the same mistakes with them.
 */
import type { Site } from '../../model/lock.ts';
import { place } from './names.ts';

/** The inner code is to use what the outer one has, without a full stop. */
export function passDown(
  { taken, asked }: { readonly taken: Site | null; readonly asked: Site | null },
  name: string,
): string {
  const first = taken ? ` (taken at ${place(taken)})` : '';
  const where = asked ? ` at ${place(asked)}` : '';
  return `pass the client, or the transaction, that is held${first} down to what runs${where || ' under it'}, instead of asking ${name} again there`;
}

/** How not to lose one. */
export const RELEASED = 'on every path out: in a finally block, or with a method that runs a function with it';
