/**
 * The block of a misuse that one event shows. What each rule has to say is a row of one table.
 */
import { isPool, unitOf } from '../../model/unit.ts';
import type { MisuseRule, MisuseViolation, PlaceRef } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { type NameOf, place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { RELEASED } from '../part/pools.ts';
import { siteRows } from '../part/sites.ts';

/** What a rule says of the lock with this name, at this place. */
interface Row {
  /** Said after the first place. */
  readonly mark: string;
  /** What can come of it, as a sentence. */
  readonly consequence: (name: string, lock: MisuseViolation['lock']) => string;
  /** `where` is ` at src/a.ts:1:1`, or empty. */
  readonly remedy: (name: string, where: string, places: readonly PlaceRef[], lock: MisuseViolation['lock']) => string;
}

const ROWS: Readonly<Record<MisuseRule, Row>> = {
  'nest-not-held': {
    mark: 'its guard is not held',
    consequence: (name) =>
      `Without the guard nothing keeps two owners from taking locks of ${name} in opposite orders, and they can block each other for ever.`,
    remedy: (name, where) => `take the guard before asking for ${name}${where}, or do not name it in this call.`,
  },
  'bad-unpin': {
    mark: 'cannot be done here',
    consequence: (name) => `A pin promises that ${name} stays held; whoever relies on it is no longer protected.`,
    remedy: pinRemedy,
  },
  'pinned-release': {
    mark: 'while it is pinned',
    consequence: (name) =>
      `The code that pinned ${name} relies on it to stay held, and goes on without its protection.`,
    remedy: (name, where) => `unpin ${name} before its release${where}, or let the code that pinned it end first.`,
  },
  'held-reinit': {
    mark: 'while it is held',
    consequence: (name) =>
      `Once initialised again ${name} is free: the next owner gets it at once, and then two are inside.`,
    remedy: (name, where) =>
      `release ${name} before it is initialised again${where}, or initialise it once, before it is first used.`,
  },
  'held-destroy': {
    mark: 'while it is held',
    consequence: (name) => `Its holder will release ${name}, and others can still ask for it, after it is gone.`,
    remedy: (name, where) => `release ${name}, and see that nobody waits for it, before it is destroyed${where}.`,
  },
  'use-after-destroy': {
    mark: 'it is gone',
    consequence: (name) => `What ${name} protected can be gone too: nothing keeps two owners apart here.`,
    remedy: (name, where) => `destroy ${name} after its last use, or initialise it again before this one${where}.`,
  },
  uninitialised: {
    mark: 'never initialised',
    consequence: (name) => `Until it is initialised ${name} can look free or taken, and can let two owners in.`,
    remedy: (name, where) => `initialise ${name} before it is first used${where}.`,
  },
  'no-owner': {
    mark: 'no owner is known',
    consequence: (name) => `Whoever holds ${name} here cannot be told: this call was not checked.`,
    remedy: (name, where) =>
      `make this call${where} inside owner.run(…), or on an owner: owner.acquire(…) or owner.release(…) of ${name}.`,
  },
  'context-imbalance': {
    mark: 'nothing to undo',
    consequence: () =>
      'From here on interrupts can be enabled where the code relies on them to be disabled, or the other way round.',
    remedy: (_, where) =>
      `pair each enter with one exit, and each disable with one enable: find the path that arrives${where || ' here'} without the first of the two.`,
  },
  'ww-misuse': {
    mark: 'against the protocol',
    consequence: (name) =>
      `Only owners that all keep to the protocol back off for each other: else ${name} can block them for ever.`,
    remedy: (_, where) =>
      `keep to the protocol${where}: take all locks of a transaction through its one context; when told to back off, release them all and take the contended one first; end the context once, when none is held.`,
  },
  abandoned: {
    mark: 'never released',
    consequence: (name, lock) =>
      lock !== null && lock.capacity > 1
        ? `Nobody is left to give it back: ${name} has fewer ${unitOf(lock)}s from now on, and once they are all gone whoever asks for one waits for ever.`
        : `Nobody is left to release it, so nobody ever gets ${name} again: whoever asks for it waits for ever.`,
    remedy: abandonedRemedy,
  },
  'callback-under-lock': {
    mark: 'under the lock',
    consequence: (name) =>
      `What is called there can ask for any lock in any order, wait for ${name} itself, or take long while everybody else waits for it.`,
    remedy: (name, where, [, taken]) =>
      `collect under ${name}${takenAt(taken)} what there is to tell, release it, and make the call${where} after that.`,
  },
  'blocking-while-held': {
    mark: 'blocks the thread',
    consequence: (name) =>
      `Nothing else runs in this thread meanwhile: whoever wants ${name} waits as long as the call takes, and for ever if what would end the call needs ${name}.`,
    remedy: (name, where, [, taken]) =>
      `release ${name}${takenAt(taken)} before the call${where}, make the call before ${name} is taken, or await a form of it that does not block.`,
  },
};

function takenAt(taken: PlaceRef | undefined): string {
  return taken?.site ? ` (taken at ${place(taken.site)})` : '';
}

function abandonedRemedy(
  name: string,
  where: string,
  [first]: readonly PlaceRef[],
  lock: MisuseViolation['lock'],
): string {
  const isOfPool = lock !== null && isPool(lock);
  if (first?.label === 'asked') {
    const late = isOfPool ? 'the connection' : name;
    return `give the wait for ${name}${where} a timeout or a signal: then it leaves the queue when it is given up. Where it only loses a race, release ${late} when it is granted all the same.`;
  }
  return isOfPool
    ? `release the connection of ${name} taken${where} ${RELEASED}.`
    : `keep the guard of ${name} taken${where} and release it on every path out: with \`using\`, in a finally block, or let run() do both.`;
}

function pinRemedy(name: string, where: string, [first, ...others]: readonly PlaceRef[]): string {
  if (first?.label === 'pinned') {
    return `take ${name} before it is pinned${where}, and pin it only while it is held.`;
  }
  const before = others.find(({ label }) => label === 'pinned before');
  if (before !== undefined) {
    const pin = before.site === null ? '' : `, such as that at ${place(before.site)}`;
    return `unpin ${name}${where} with the cookie that a pin on it gave${pin}, once for each pin.`;
  }
  return `unpin ${name}${where} once for each pin, and while it is still held.`;
}

/** Everything below the headline and the sentence. */
export function misuseBlock(violation: MisuseViolation, page: Page): Block {
  const { mark, consequence } = ROWS[violation.rule];
  const [first, ...others] = violation.places;
  const name = nameIn(violation, page.nameOf);
  return [
    first === undefined ? [] : siteRows([{ ...first, mark }, ...others], page.style),
    wrap(consequence(name, violation.lock), { indent: '  ' }),
    [...heldLines(violation, page), ...misuseAdvice(violation, page)],
  ];
}

/** What to do about it. */
export function misuseAdvice(violation: MisuseViolation, page: Page): readonly string[] {
  const [first] = violation.places;
  const where = first?.site ? ` at ${place(first.site)}` : '';
  const { remedy } = ROWS[violation.rule];
  return tryLines(remedy(nameIn(violation, page.nameOf), where, violation.places, violation.lock), page);
}

function nameIn({ lock }: MisuseViolation, nameOf: NameOf): string {
  return lock === null ? 'the lock' : nameOf(lock);
}
