/**
 * The protocol of wound/wait mutexes. Each function reports one way to leave it, changes nothing, and throws nothing but the
 * LockdepError of the `throw` policy.
 */
import type { Owner } from '../owner.ts';
import { WW_RULES } from '../rules/index.ts';
import type { LabelledSite } from '../rules/misuse.ts';
import type { WwFault, WwMisuse } from '../rules/ww-misuse.ts';
import { isOf, takenAt } from '../state/held.ts';
import { captureSite, type RawSite } from '../state/site.ts';
import type { Member, Request, Transaction } from './ww-transaction.ts';

/** Where a call comes from, captured when it is asked for first. That must be before the call waits for anything. */
export type Place = () => RawSite;

/** The place above the call of `below`. */
export function placeOf(below: unknown): Place {
  let site: RawSite | undefined;
  return () => {
    site ??= captureSite(below);
    return site;
  };
}

/** A use of a context, of a mutex if there is one. */
export interface Use {
  readonly transaction: Transaction;
  readonly member?: Member;
  readonly place: Place;
}

/** Reports a use of a context by another owner, where the one that runs is known. */
export function checkUser(use: Use): void {
  const { family, owner, begun } = use.transaction;
  const by = family.ld.running;
  if (by !== undefined && by !== owner) {
    const earlier = [{ label: `begun by ${owner.name}`, site: begun }];
    report('other-owner', { ...use, by, name: family.name, other: owner.name, earlier });
  }
}

/** Reports a use of a context by another owner, or after its end. */
export function checkUse(use: Use): void {
  checkUser(use);
  const { family, ended } = use.transaction;
  if (ended !== null) {
    report('use-after-end', { ...use, name: family.name, earlier: [{ label: 'ended', site: ended }] });
  }
}

export function checkDone(use: Use): void {
  const { done } = use.transaction;
  if (done !== null) {
    report('done-twice', { ...use, earlier: [{ label: 'done', site: done }] });
  }
}

export function checkEnd(use: Use): void {
  const { owner, ended, held, wait } = use.transaction;
  if (ended !== null) {
    report('end-twice', { ...use, earlier: [{ label: 'ended', site: ended }] });
    return;
  }
  const waits = wait === null ? [] : [wait];
  const open = [...namesOf(held), ...waits.map(({ member }) => `a wait for ${member.name}`)];
  if (open.length > 0) {
    report('end-while-held', {
      ...use,
      other: open.join(', '),
      earlier: [...takenBy(owner, held), ...waits.map(askedFor)],
    });
  }
}

/** A request for a mutex under a context. */
export interface Ask extends Use {
  readonly member: Member;
}

/** Reports a request of a context that waits for something else. */
export function reportWait(ask: Ask, wait: Request): void {
  report('asked-while-waiting', { ...ask, other: wait.member.name, earlier: [askedFor(wait)] });
}

/** Reports a mutex of another class. */
export function reportClass(ask: Ask): void {
  const { family, begun } = ask.transaction;
  report('other-class', { ...ask, other: family.name, earlier: [{ label: 'begun', site: begun }] });
}

/** Reports a request that does not follow from what the context was told before. */
export function checkTurn(ask: Ask, isSlow: boolean): void {
  const { owner, contended, done, held } = ask.transaction;
  if (done !== null) {
    report('lock-after-done', { ...ask, earlier: [{ label: 'done', site: done }] });
  }
  if (contended === null) {
    if (isSlow) {
      report('slow-without-deadlock', ask);
    }
    return;
  }
  const told = { label: `'deadlock' at ${contended.member.name}`, site: contended.site };
  if (held.size > 0) {
    const fault = isSlow ? 'slow-while-held' : 'held-after-deadlock';
    report(fault, { ...ask, other: namesOf(held).join(', '), earlier: [...takenBy(owner, held), told] });
  } else if (contended.member !== ask.member) {
    report('other-after-deadlock', { ...ask, other: contended.member.name, earlier: [told] });
  }
}

/**
 * Reports other mutexes of the class that the owner took without the context, after it had begun it. For the checker they
 * are under the context; those taken before it are not, and the nesting is `recursion`.
 */
export function checkBeside(ask: Ask): void {
  const { family, owner, stamp } = ask.transaction;
  const held = [...(family.bare.get(owner) ?? [])].filter(([member]) => member !== ask.member);
  const bare = held.filter(([, latest]) => latest >= stamp).map(([member]) => member);
  if (bare.length > 0) {
    report('beside-context', { ...ask, other: namesOf(bare).join(', '), earlier: takenBy(owner, bare) });
  }
}

interface Facts extends Use, Partial<Pick<WwMisuse, 'name' | 'other' | 'earlier'>> {
  /** @default the owner of the context */
  readonly by?: Owner;
}

function report(fault: WwFault, { transaction, member, place, by = transaction.owner, ...facts }: Facts): void {
  const { family, guard } = transaction;
  const about = {
    lock: member?.instance ?? guard,
    name: member?.name ?? family.name,
    other: '',
    earlier: [],
    ...facts,
  };
  family.ld.judge(WW_RULES, { fault, owner: by, held: by.entries(), site: place(), ...about });
}

const namesOf = (members: Iterable<Member>): string[] => [...members].map(({ name }) => name);

const askedFor = ({ member, site }: Request): LabelledSite => ({
  label: `asked for ${member.name}`,
  site,
});

/** Where an owner took these mutexes. The checker keeps one place for all that it folds into one. */
function takenBy(owner: Owner, members: Iterable<Member>): LabelledSite[] {
  const wanted = [...members];
  const entries = owner.entries().filter((entry) => wanted.some(({ instance }) => isOf(entry, instance)));
  return entries.map((entry) => ({ label: 'taken', site: takenAt(entry) }));
}
