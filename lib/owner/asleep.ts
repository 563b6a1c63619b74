/**
 * What is noted of promises while no lock is in use: little, since every `await` of the program pays for it.
 */
import { linkPlainly, unlink } from './links.ts';
import { heard } from './unheard.ts';

/** The promise that was made last in this run, of nothing else: what runs may be its executor. */
export const making: { latest: object | null } = { latest: null };

export const ASLEEP: Readonly<Record<'init' | 'before', (promise: object, parent?: object) => void>> = {
  init: (promise, parent) => {
    if (parent === undefined) {
      making.latest = promise;
    } else if (!heard(parent)) {
      linkPlainly(promise, parent);
    }
  },
  before: (promise) => {
    making.latest = null;
    // Else chains of promises would be kept alive.
    unlink(promise);
  },
};
