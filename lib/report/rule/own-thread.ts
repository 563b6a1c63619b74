/**
 * The block of an owner that asks for what another owner of its thread holds: as long as it waits, the other one cannot go on.
 */
import { actorOf, isSameActor } from '../../model/actor.ts';
import type { DeadlockViolation, WaitRef } from '../../model/violation.ts';
import { place } from '../part/names.ts';
import { type Block, type Page, tryLines } from '../part/page.ts';
import { play } from '../part/scenario.ts';
import { siteColumns, siteRows } from '../part/sites.ts';

/** The one of the same thread who holds what is waited for; `undefined` where the wait is no such one. */
export function holderInThread({ waits }: Pick<DeadlockViolation, 'waits'>): WaitRef['holders'][number] | undefined {
  const [wait, ...others] = waits;
  const isOther = wait !== undefined && others.length === 0 && !wait.holders.some((one) => isSameActor(one, wait));
  return isOther ? wait.holders[0] : undefined;
}

/** Everything below the headline and the sentence. */
export function ownThreadBlock(violation: DeadlockViolation, holder: WaitRef['holders'][number], page: Page): Block {
  const { nameOf, style } = page;
  const [wait] = violation.waits as [WaitRef];
  const lock = nameOf(wait.lock);
  const rows = [
    { label: `${lock} taken by ${holder.owner}`, site: holder.site },
    { label: `${lock} asked by ${wait.owner}`, site: wait.asked, mark: 'the thread waits for itself' },
  ];
  const turns = [
    { actor: 0, text: `took ${lock}` },
    { actor: 1, text: `asks for ${lock}` },
  ];
  const end = violation.rejected ? 'rejected' : 'the thread cannot go on';
  return [
    siteRows(rows, style, siteColumns(rows)),
    play({ names: [holder.owner, actorOf(wait)], turns, end, heading: 'How it locked up' }, style),
    tryLines(remedy(lock, holder), page),
  ];
}

function remedy(lock: string, { owner, site }: WaitRef['holders'][number]): string {
  const where = site === null ? '' : `, taken at ${place(site)},`;
  return `release ${lock}${where} before ${owner} gives way to the other owners of its thread: while one of them waits, none of them runs.`;
}
