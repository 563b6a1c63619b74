/**
 * What a lock is sent to another thread as: plain data that the structured clone keeps, with the memory itself. Good for the
 * threads of one process.
 */
import type { Site } from '../../../model/lock.ts';
import { checkObject } from '../../../options.ts';
import { shown } from '../../../shown.ts';
import { isShared, type LockPlace } from './memory.ts';

export const HANDLE_SCHEMA = 'lockdep/shared-lock/1';

/** A lock on its way to another thread: give it to `from` of the same class there. */
export interface SharedLockHandle<Type extends string = string> extends LockPlace {
  readonly schema: typeof HANDLE_SCHEMA;
  /** Name of the class, such as `SpinLock`. */
  readonly type: Type;
  readonly name: string;
  /** Key of its lock class. */
  readonly key: string;
  /** Where it was made, where it has no name of its own. */
  readonly site?: Site;
  readonly space: SharedArrayBuffer;
  /** What else the class of lock has to know to be the same in the other thread. */
  readonly traits: Readonly<Record<string, number | boolean | string>>;
}

/** @throws TypeError that says what is wrong with the handle */
export function checkHandle(type: string, handle: unknown): asserts handle is SharedLockHandle {
  checkObject('handle', handle);
  const { schema, type: found, buffer, space, name, key, traits } = handle as Partial<SharedLockHandle>;
  if (typeof schema !== 'string' || !schema.startsWith('lockdep/shared-lock/')) {
    throw new TypeError(`handle: expected the handle of a ${type}, got ${shown(handle)}`);
  }
  if (schema !== HANDLE_SCHEMA) {
    throw new TypeError(`handle: it was made by another version of lockdep (${schema}, here ${HANDLE_SCHEMA})`);
  }
  if (found !== type) {
    throw new TypeError(
      `handle: it is that of a ${shown(found)}; rebuild it with ${found}.from(handle), not ${type}.from`,
    );
  }
  if (!isShared(buffer) || !isShared(space)) {
    throw new TypeError(
      'handle: its memory is not there any more; it was sent to another process or through JSON, and memory is shared between the threads of one process only',
    );
  }
  if (typeof name !== 'string' || typeof key !== 'string' || typeof traits !== 'object' || traits === null) {
    throw new TypeError('handle: it is damaged; send the whole handle as the lock gave it');
  }
}
