/**
 * A read-write lock of a form, and what a request to it needs.
 */
import type { Form } from './forms.ts';
import type { Locks } from './locks.ts';

export type Rw = InstanceType<Locks['RwLock']>;

/** A lock, and the options that a request to it needs. */
export function rwWorld(form: Form): { lock: Rw; by: () => ReturnType<Form['asked']> } {
  const made = form.made();
  return { lock: new (form.locks().RwLock)('rw', made), by: () => form.asked(made) };
}
