/**
 * `no-owner`: a lock is taken or released where nobody is known who could hold it.
 */
import type { MisuseViolation } from '../model/violation.ts';
import type { LockInstance } from '../state/classes.ts';
import type { RawSite } from '../state/site.ts';
import type { State } from '../state/state.ts';
import { describeMisuse } from './misuse.ts';

export interface Unowned {
  readonly lock: LockInstance;
  readonly act: 'taken' | 'released';
  readonly site: RawSite;
}

const NOBODY = { id: 0, name: 'nobody' };

export function noOwner(state: State, { lock, act, site }: Unowned): readonly MisuseViolation[] {
  const message = `${lock.name} is ${act} where no owner is known.`;
  const places = [{ label: act, site }];
  return [describeMisuse(state, { rule: 'no-owner', owner: NOBODY, held: [], class: lock.class, message, places })];
}
