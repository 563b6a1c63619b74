/**
 * The block of a wait that is forbidden where it is made: under a lock whose holder may not sleep, or in a context that must not.
 */
import type { WaitType } from '../../model/kind.ts';
import type { WaitLimit, WaitViolation } from '../../model/violation.ts';
import { wrap } from '../part/columns.ts';
import { inContext, type NameOf, place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { placesOf } from '../part/places.ts';
import { siteRows } from '../part/sites.ts';

/** Everything below the headline and the sentence. */
export function waitBlock(violation: WaitViolation, page: Page): Block {
  // The forbidden wait comes first for the short forms; in time it comes last.
  const [first, ...others] = placesOf(violation, page.nameOf);
  const marked = first && { ...first, mark: markOf(violation) };
  return [
    siteRows([...others, ...(marked ? [marked] : [])], page.style),
    wrap(`${ruleOf(violation, page.nameOf)} ${consequence(violation, page.nameOf)}`, { indent: '  ' }),
    [...heldLines(violation, page), ...tryLines(remedy(violation, page.nameOf), page)],
  ];
}

/** What a wait of this type can do to its owner. */
const CAN: Readonly<Record<WaitType, string>> = {
  unchecked: 'waits in a way that is not checked',
  free: 'does not wait',
  spin: 'can spin',
  config: 'can sleep on a real-time kernel',
  sleep: 'can sleep',
};

/** The strongest wait that a limit of this type leaves. */
const MAY: Readonly<Record<WaitType, string>> = {
  unchecked: 'its owner may wait in any way',
  free: 'its owner may not wait at all',
  spin: 'its owner may take locks that always spin (wait type spin, such as raw_spin), and must not sleep',
  config: 'its owner may take locks that spin (wait type spin or config, such as spin), and must not sleep',
  sleep: 'its owner may sleep',
};

/** A synchronous message to another owner, under a lock whose owner may sleep: for that no lock may be held at all. */
function isForAnother({ act, limit }: WaitViolation): boolean {
  return act === 'sent' && limit.lock !== null && ['sleep', 'unchecked'].includes(limit.type);
}

function markOf(violation: WaitViolation): string {
  if (violation.act === 'gave-way') {
    return 'held over an await';
  }
  return isForAnother(violation) ? 'waits until it is handled' : CAN[violation.wanted];
}

function ruleOf(violation: WaitViolation, nameOf: NameOf): string {
  const { act, limit } = violation;
  if (limit.lock !== null) {
    const may = isForAnother(violation)
      ? 'its owner must not wait for another owner to handle a message'
      : MAY[limit.type];
    return `While ${nameOf(limit.lock)} (${limit.lock.kind}) is held, ${may}.`;
  }
  const what = act === 'asked' ? MAY[limit.type].replace('its owner', 'code') : 'code must not sleep';
  return `${capital(inContext(limit))}, ${what}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function consequence(violation: WaitViolation, nameOf: NameOf): string {
  const { act, limit, wanted } = violation;
  const when = wanted === 'config' ? 'on a real-time kernel ' : '';
  if (limit.lock === null) {
    return limit.disabled
      ? `Code that sleeps there ${when}keeps ${limit.context ?? 'it'} from running, and that can be what would wake it.`
      : `Code that sleeps there ${when}keeps what it interrupted from going on, and that can be what would wake it.`;
  }
  const name = nameOf(limit.lock);
  if (isForAnother(violation)) {
    return `The other one can need ${name} before it has handled it: then both wait for ever.`;
  }
  if (isRcu(limit)) {
    return `A reader that sleeps ${when}holds up all who wait for the readers to end.`;
  }
  return act === 'gave-way'
    ? `Others run during an await: one that spins for ${name} keeps the thread busy, and the holder never goes on.`
    : `Whoever waits for ${name} keeps its CPU busy, and an owner that sleeps ${when}can need that CPU to go on.`;
}

function remedy(violation: WaitViolation, nameOf: NameOf): string {
  const { act, lock, limit, asked } = violation;
  const where = asked === null ? '' : ` at ${place(asked)}`;
  const name = lock === null ? 'the lock' : nameOf(lock);
  if (limit.lock === null) {
    return contextRemedy(violation, { name, where });
  }
  const held = nameOf(limit.lock);
  const release = `release ${held}${takenAt(limit)}`;
  switch (act) {
    case 'asked':
      return `take ${name} before ${held}${takenAt(limit)}, or release ${held} before asking for ${name}${where}; ${otherKind(violation, { name, held })}.`;
    case 'may-sleep':
      return `${release} before the sleep${where}; or ${sleepingKind(limit, held)}.`;
    case 'waited':
      return `${release} before the wait${where}; or wait first, and take ${held} after it.`;
    case 'sent':
      return `send it without waiting${where}, or ${release} first.`;
    case 'gave-way':
      return `${release} before the next await; or ${sleepingKind(limit, held)}.`;
  }
}

function takenAt({ taken }: WaitLimit): string {
  return taken === null ? '' : ` (taken at ${place(taken)})`;
}

function sleepingKind(limit: WaitLimit, held: string): string {
  return isRcu(limit)
    ? `read under a lock that may be held across a sleep instead of ${held}`
    : `give ${held} a kind that may be held across a sleep (inner wait type sleep, such as mutex)`;
}

function otherKind({ wanted, limit }: WaitViolation, { name, held }: { name: string; held: string }): string {
  const outer = isRcu(limit)
    ? `read under a lock that may be held across a sleep instead of ${held}`
    : `${held} one whose owner may wait so (inner wait type ${wanted}, such as ${SUCH[wanted]})`;
  return `or ${kindFor(name, limit.type)}, or ${outer}`;
}

/** A built-in kind that waits in this way, and lets its owner do the same. */
const SUCH: Readonly<Record<WaitType, string>> = {
  unchecked: 'map',
  free: 'rcu',
  spin: 'raw_spin',
  config: 'spin',
  sleep: 'mutex',
};

/** What would make it right to wait for the lock under a limit of this type. */
function kindFor(name: string, type: WaitType): string {
  return `give ${name} a kind that may be taken there (outer wait type ${type}, such as ${SUCH[type]})`;
}

function isRcu({ lock }: WaitLimit): boolean {
  return lock?.kind.startsWith('rcu') ?? false;
}

function contextRemedy(
  { act, limit, wanted }: WaitViolation,
  { name, where }: { readonly name: string; readonly where: string },
): string {
  if (act === 'asked') {
    return wanted === 'config'
      ? `let the handler run in a thread of its own, ${kindFor(name, limit.type)}, or hand the work${where} to a task.`
      : `do not wait for ${name}${where}: hand that work to a task, which may sleep, or ${kindFor(name, limit.type)}.`;
  }
  const context = limit.context ?? 'the context';
  if (act === 'sent') {
    const instead = limit.disabled ? `enable ${context} first` : 'hand that work to a task, which may wait';
    return `send it without waiting${where}, or ${instead}.`;
  }
  const verb = VERBS[act];
  return limit.disabled
    ? `enable ${context} before the code ${verb}s${where}, or let it ${verb} before ${context} is disabled.`
    : `do not ${verb}${where}: hand that work to a task, which may sleep.`;
}

const VERBS = { 'may-sleep': 'sleep', waited: 'wait', 'gave-way': 'await' } as const;
