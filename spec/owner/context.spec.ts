import { createLockdep } from '../../lib/lockdep.ts';
import { has, heldIn, ownerOf, prune, push } from '../../lib/owner/context.ts';
import { FlowOwner } from '../../lib/owner/flow-owner.ts';
import { LiveLocks, LockTickets } from '../../lib/owner/lock-tickets.ts';
import { Context, type Handover, Ticket } from '../../lib/owner/ticket.ts';

const lockdep = createLockdep();
const live = new LiveLocks();
const { resolver, chains } = lockdep.state;
const tickets = new LockTickets(lockdep.lock('a'), chains.root, live);

function ticket(state: Ticket['state'] = 'held'): Ticket {
  const made = new Ticket({ tickets, base: null, since: 0 }, {});
  made.state = state;
  return made;
}

function length(context: Context | null): number {
  let count = 0;
  for (let at = context; at !== null; at = at.up) count++;
  return count;
}

it('a context gives what is held, outermost first', () => {
  const [one, two, three] = [ticket(), ticket('released'), ticket()];
  const context = push(push(push(null, one, true), two, true), three, true);
  expect(heldIn(context, live)).toEqual([one, three]);
});

it('what a flow only knows of is not held by it', () => {
  const seen = ticket();
  const context = push(null, seen, false);
  expect(heldIn(context, live)).toEqual([]);
  expect(has(context, seen)).toBe(true);
});

it('a ticket stands in a context once', () => {
  const one = ticket();
  const context = push(null, one, true);
  expect(push(context, one, true)).toBe(context);
});

it('what is over is dropped from the top, but not while a nesting is undecided', () => {
  const one = ticket();
  const context = push(null, one, true);
  one.state = 'released';
  one.undecided = 1;
  expect(prune(context)).toBe(context);
  one.undecided = 0;
  expect(prune(context)).toBeNull();
});

it('forks share the tail and do not see each other', () => {
  const [outer, left, right] = [ticket(), ticket(), ticket()];
  const fork = push(null, outer, true);
  expect(heldIn(push(fork, left, true), live)).toEqual([outer, left]);
  expect(heldIn(push(fork, right, true), live)).toEqual([outer, right]);
});

it('a flow that takes the next lock before it gives the last one back does not grow', () => {
  let context: Context | null = null;
  let last = ticket();
  for (let step = 0; step < 200; step++) {
    context = push(context, last, true);
    const next = ticket();
    context = push(context, next, true);
    last.state = 'released';
    last = next;
  }
  expect(length(context)).toBeLessThan(20);
});

it('a flow is named after its task, else after the function that asked', () => {
  expect(new FlowOwner({ id: 4, resolver, task: 'sync' }).name).toBe('sync#4');
  expect(new FlowOwner({ id: 5, resolver, first: { place: null } }).name).toBe('flow#5');
});

it('a flow is that of its latest lock of the checker, or of its task', () => {
  const task = new FlowOwner({ id: 6, resolver, task: 'import' });
  const inTask = new Context(null, null, { owned: false, task });
  const own = ticket();
  own.owner = new FlowOwner({ id: 7, resolver, task: 'inner' });

  expect(ownerOf(null, live)).toBeNull();
  expect(ownerOf(inTask, live)).toBe(task);
  expect(ownerOf(push(inTask, own, true), live)).toBe(own.owner);
  expect(ownerOf(push(inTask, own, true), new LiveLocks())).toBe(task);
});

it('what came by a handover that was taken back is not held', () => {
  const via: Handover = { isRevoked: false };
  const [sure, likely] = [ticket(), ticket()];
  const context = push(push(null, sure, true), likely, true, via);
  expect(heldIn(context, live)).toEqual([sure, likely]);
  via.isRevoked = true;
  expect(heldIn(context, live)).toEqual([sure]);
});
