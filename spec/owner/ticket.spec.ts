import { createLockdep } from '../../lib/lockdep.ts';
import { type Context, FlowOwner, has, heldIn, prune, push, Ticket } from '../../lib/owner/ticket.ts';
import { captureSite } from '../../lib/state/site.ts';

const lockdep = createLockdep();
const lock = lockdep.lock('a');
const site = captureSite(undefined);
const { resolver, chains } = lockdep.state;

function ticket(state: Ticket['state'] = 'held'): Ticket {
  const asker = new FlowOwner({ id: 1, site, resolver });
  const made = new Ticket({
    asker,
    lock,
    mode: 'exclusive',
    units: 1,
    try: false,
    site,
    base: null,
    since: 0,
    chain: chains.root,
  });
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
  expect(heldIn(context)).toEqual([one, three]);
});

it('what a flow only knows of is not held by it', () => {
  const seen = ticket();
  const context = push(null, seen, false);
  expect(heldIn(context)).toEqual([]);
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
  expect(heldIn(push(fork, left, true))).toEqual([outer, left]);
  expect(heldIn(push(fork, right, true))).toEqual([outer, right]);
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
  expect(new FlowOwner({ id: 4, site, resolver, task: 'sync' }).name).toBe('sync#4');
  expect(new FlowOwner({ id: 5, site: { resolve: () => null } as never, resolver }).name).toBe('flow#5');
});
