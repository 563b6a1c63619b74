/**
 * The places of a violation, each with what it stands for, the most important first: for the short forms.
 */
import { type Actor, actorOf } from '../../model/actor.ts';
import type {
  CycleEdge,
  IrqPathViolation,
  LeaseExpiredViolation,
  OrderRuleViolation,
  ReleaseViolation,
  Violation,
  WaitRef,
  WaitViolation,
} from '../../model/violation.ts';
import type { Place } from '../report.ts';
import { isAssertion, isMisuse, isOrderRule, type LoneViolation } from './family.ts';
import { heldAs, type NameOf, place, wantedAs } from './names.ts';
import { usagePlace, usagesOf } from './usage.ts';
import { DONE } from './words.ts';

/** The step that closed the cycle comes first, the others follow as the cycle runs. */
export function inReadingOrder(edges: readonly CycleEdge[]): readonly CycleEdge[] {
  const start = edges.findIndex((edge) => edge.attempted);
  return start <= 0 ? edges : [...edges.slice(start), ...edges.slice(0, start)];
}

/** Every place of the violation with its label. */
export function placesOf(violation: Violation, nameOf: NameOf): readonly Place[] {
  if (isMisuse(violation)) {
    return violation.places;
  }
  if (isOrderRule(violation)) {
    return orderPlaces(violation, nameOf);
  }
  if (isAssertion(violation)) {
    return [{ label: 'asserted', site: violation.asserted }, ...holderPlace(violation.holder)];
  }
  const lone: LoneViolation = violation;
  switch (lone.rule) {
    case 'order-cycle':
      return inReadingOrder(lone.edges).flatMap((edge) => stepPlaces(edge, nameOf));
    case 'recursion':
    case 'pool-nesting': {
      const name = nameOf(lone.lock);
      return [
        { label: `${name} asked`, site: lone.asked },
        { label: `${name} taken`, site: lone.taken },
      ];
    }
    case 'irq-inconsistent':
      return usagesOf(lone).map((usage) => usagePlace(usage, nameOf));
    case 'irq-order':
    case 'irq-inversion':
      return pathPlaces(lone, nameOf);
    case 'wait-context':
    case 'sleep-while-held':
      return waitPlaces(lone, nameOf);
    case 'bad-release':
    case 'wrong-owner-release':
      return releasePlaces(lone);
    case 'held-at-exit':
      return [{ label: `${nameOf(lone.lock)} taken`, site: lone.taken }];
    case 'split-key': {
      const { owner, site, act } = lone.other;
      return [
        { label: `${nameOf(lone.lock)} asked`, site: lone.asked },
        { label: `${act === 'holds' ? 'taken' : 'asked'} by ${owner}`, site },
      ];
    }
    case 'lease-expired':
      return [
        { label: LATE[lone.act], site: lone.done },
        { label: `${nameOf(lone.lock)} taken`, site: lone.taken },
        ...holderPlace(lone.successor),
      ];
    case 'stalled':
      return lone.waits.flatMap((wait) => waitingPlaces(wait, nameOf));
    case 'deadlock':
      return latestFirst(lone.waits).flatMap((wait) => waitingPlaces(wait, nameOf));
    case 'long-hold':
      return [{ label: `${nameOf(lone.lock)} taken`, site: lone.site }];
    case 'long-wait':
      return [{ label: `${nameOf(lone.lock)} asked`, site: lone.site }, ...lone.holders.flatMap(holderPlace)];
    case 'owner-died':
      return [...holderPlace(lone.dead), { label: `${nameOf(lone.lock)} asked`, site: lone.asked }];
    case 'priority-inversion':
    case 'starvation':
      return [{ label: `${nameOf(lone.lock)} asked`, site: lone.asked }, ...holderPlace(lone.holder)];
  }
}

const LATE: Readonly<Record<LeaseExpiredViolation['act'], string>> = {
  releases: 'released',
  extends: 'extended',
  uses: 'relied on',
};

function waitingPlaces({ lock, asked, holders }: WaitRef, nameOf: NameOf): readonly Place[] {
  return [{ label: `${nameOf(lock)} asked`, site: asked }, ...holders.flatMap(holderPlace)];
}

/** The wait that closed the circle, and then the others as the circle runs. */
function latestFirst(waits: readonly WaitRef[]): readonly WaitRef[] {
  return [...waits.slice(-1), ...waits.slice(0, -1)];
}

function orderPlaces({ rule, lock, other, asked, taken }: OrderRuleViolation, nameOf: NameOf): readonly Place[] {
  return [
    { label: `${nameOf(lock)} ${rule === 'release-order' ? 'released' : 'asked'}`, site: asked },
    { label: `${nameOf(other)} taken`, site: taken },
  ];
}

function holderPlace(holder: (Actor & Pick<Place, 'site'>) | null): Place[] {
  return holder === null ? [] : [{ label: `taken by ${actorOf(holder)}`, site: holder.site }];
}

/** What is new comes first: the step that made the path, or else the mark. */
function pathPlaces(violation: IrqPathViolation, nameOf: NameOf): readonly Place[] {
  const isNew = violation.path.some((edge) => edge.attempted);
  const steps = inReadingOrder(violation.path).map((edge) => stepPlaces(edge, nameOf));
  const marks = usagesOf(violation).map((usage) => usagePlace(usage, nameOf));
  const [first = [], ...others] = steps;
  return isNew ? [...first, ...marks, ...others.flat()] : [...marks, ...steps.flat()];
}

function stepPlaces({ from, to, witness }: CycleEdge, nameOf: NameOf): readonly Place[] {
  return [
    { label: `${nameOf(to)} asked${wantedAs(witness.kind)}`, site: witness.asked },
    { label: `${nameOf(from)} taken${heldAs(witness.kind)}`, site: witness.taken },
  ];
}

/** Where a lock is held over an `await`, the place of the `await` is not known. */
function waitPlaces({ act, lock, asked, limit }: WaitViolation, nameOf: NameOf): readonly Place[] {
  const taken = limit.lock === null ? [] : [{ label: `${nameOf(limit.lock)} taken`, site: limit.taken }];
  switch (act) {
    case 'asked':
      return [{ label: `${lock === null ? 'a lock' : nameOf(lock)} asked`, site: asked }, ...taken];
    case 'may-sleep':
      return [{ label: 'sleeps', site: asked }, ...taken];
    case 'waited':
      return [{ label: 'waits', site: asked }, ...taken];
    case 'sent':
      return [{ label: 'sends', site: asked }, ...taken];
    case 'gave-way':
      return taken.length > 0 ? taken : [{ label: 'gives way', site: asked }];
  }
}

function releasePlaces({ act, released, holder, lastTaken, lastReleased }: ReleaseViolation): readonly Place[] {
  const isKnown = lastTaken !== null && holder?.site != null && place(lastTaken) === place(holder.site);
  return [
    { label: DONE[act], site: released },
    ...holderPlace(holder),
    ...(lastTaken === null || isKnown ? [] : [{ label: 'taken before', site: lastTaken }]),
    ...(lastReleased === null ? [] : [{ label: 'released before', site: lastReleased }]),
  ];
}
