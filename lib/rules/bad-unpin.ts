/**
 * `bad-unpin`: a pin is put on, or taken off, where it cannot be: the lock is not held, or not pinned, or the cookie is that of another
 * pin.
 */
import type { MisuseViolation } from '../model/violation.ts';
import type { State } from '../state/state.ts';
import { describeMisuse, type LabelledSite } from './misuse.ts';
import type { Pinning } from './pin.ts';

const FAULTS: Readonly<Record<Exclude<Pinning['fault'], null>, string>> = {
  'not-held': 'which it does not hold',
  'not-pinned': 'which is not pinned',
  'other-cookie': 'with a cookie that is not that of a pin on it',
};

export function badUnpin(state: State, event: Pinning): readonly MisuseViolation[] {
  const { owner, lock, held, act, fault, site, pinned } = event;
  if (fault === null) {
    return [];
  }
  const message = `${owner.name} ${act} ${lock.name}, ${FAULTS[fault]}.`;
  const places: LabelledSite[] = [{ label: act === 'pins' ? 'pinned' : 'unpinned', site }];
  if (pinned !== null) {
    places.push({ label: 'pinned before', site: pinned });
  }
  return [describeMisuse(state, { rule: 'bad-unpin', owner, held, class: lock.class, message, places, detail: fault })];
}
