/**
 * The forms that every lock of this package comes in: checked, where the flow is found by itself; checked, with owners that are
 * named with each request; and unchecked, where nothing is recorded. None may differ in what a program notices.
 */
import { createLockdep, type Lockdep } from '../../../lib/lockdep.ts';
import type { Owner } from '../../../lib/owner.ts';
import { type Locks, locks, switchOff } from './locks.ts';

export interface Form {
  readonly name: 'checked' | 'checked, with owners' | 'unchecked';
  /** Begins to be in force. @returns ends it */
  readonly enter: () => () => void;
  /** The classes. */
  readonly locks: () => Locks;
  /** Options of a new lock: a checker of its own, where there is one. */
  readonly made: () => { readonly lockdep?: Lockdep };
  /** Options of one request to a lock that was made with `made`. */
  readonly asked: (made: { readonly lockdep?: Lockdep }) => { readonly owner?: Owner };
}

const NOTHING = (): void => {};
let owners = 0;

const CHECKED: Form = {
  name: 'checked',
  enter: () => NOTHING,
  locks: () => locks,
  made: () => ({ lockdep: createLockdep() }),
  asked: () => ({}),
};

export const FORMS: readonly Form[] = [
  CHECKED,
  {
    ...CHECKED,
    name: 'checked, with owners',
    // Each request is that of another one, so that nobody waits for himself.
    asked: ({ lockdep }) => (lockdep === undefined ? {} : { owner: lockdep.owner(`owner${++owners}`) }),
  },
  { ...CHECKED, name: 'unchecked', enter: switchOff, made: () => ({}) },
];

export function eachForm(suite: (form: Form) => void): void {
  for (const form of FORMS) {
    describe(form.name, () => {
      let leave = NOTHING;
      beforeAll(() => {
        leave = form.enter();
      });
      afterAll(() => leave());
      suite(form);
    });
  }
}
