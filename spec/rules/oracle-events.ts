/**
 * Random programs as lines that the model of contexts and the checker are both told.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLockdep, type Lockdep } from '../../lib/lockdep.ts';
import type { Mode } from '../../lib/model/lock.ts';
import type { Owner } from '../../lib/owner.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import { type ContextOracle, KINDS, type Kind } from './oracle-contexts.ts';
import { CONTEXTS, type Context } from './oracle-usage.ts';

const OWNERS = ['p', 'q'];
const CLASSES = ['a', 'b', 'c', 'd', 'e'];
const MODES: readonly Mode[] = ['exclusive', 'shared', 'recursive-shared'];
const DEEPEST = 5;

export const kindsOf = (kinds: readonly Kind[]): Map<string, Kind> =>
  new Map(kinds.map((kind, at) => [CLASSES[at] as string, kind]));

/** The checker, told its events as the lines that the model knows. */
export class Real {
  readonly ld: Lockdep;
  readonly #locks: ReadonlyMap<string, LockInstance>;
  readonly #flags = new Map<string, ReturnType<Owner['irqSave']>[]>();

  constructor(kinds: ReadonlyMap<string, Kind>, name: (plain: string) => string = (plain) => plain) {
    // One site for all: the model knows no places.
    const site = { file: 'somewhere.ts', line: 1, column: 1 };
    const contexts = [{ name: 'tick', limit: 'config' as const }];
    this.ld = createLockdep({ profile: 'kernel', resolver: () => site, now: () => 0, contexts });
    this.#locks = new Map([...kinds].map(([plain, kind]) => [plain, this.ld.lock(name(plain), { kind })]));
  }

  tell(line: string): void {
    const [name, verb, what, ...words] = line.split(' ');
    const owner = this.ld.owner(name as string, { yields: true });
    const flags = this.#flags.get(name as string) ?? [];
    this.#flags.set(name as string, flags);
    const mode = (words.find((word) => word.endsWith('shared')) ?? 'exclusive') as Mode;
    const lock = this.#locks.get(what as string) as LockInstance;
    if (verb === 'lock') owner.acquire(lock, { mode, try: words.includes('try') });
    else if (verb === 'unlock') owner.release(lock);
    else if (verb === 'save') flags.push(owner.irqSave());
    else if (verb === 'restore') owner.irqRestore(flags.pop() as ReturnType<Owner['irqSave']>);
    else turn(owner, verb as string, what as string, { threaded: !words.includes('raw') });
    assert.equal(this.ld.failure, null);
  }
}

/** Hard and soft interrupts have verbs of their own. */
function turn(owner: Owner, verb: string, context: string, options: { threaded: boolean }): void {
  const verbs: Record<string, () => void> = {
    'enter hardirq': () => owner.hardirqEnter(options),
    'exit hardirq': () => owner.hardirqExit(),
    'disable hardirq': () => owner.hardirqDisable(),
    'enable hardirq': () => owner.hardirqEnable(),
    'enter softirq': () => owner.softirqEnter(),
    'exit softirq': () => owner.softirqExit(),
    'disable softirq': () => owner.softirqDisable(),
    'enable softirq': () => owner.softirqEnable(),
    'enter tick': () => owner.enter('tick', options),
    'exit tick': () => owner.exit('tick'),
    'disable tick': () => owner.disable('tick'),
    'enable tick': () => owner.enable('tick'),
  };
  const happen = verbs[`${verb} ${context}`];
  assert.ok(happen, `no such event: ${verb} ${context}`);
  happen();
}

export interface Event {
  readonly owner: string;
  readonly verb: string;
  readonly pick: number;
  readonly mode: Mode;
  readonly isTry: boolean;
  readonly isRaw: boolean;
}

const weighted = (...verbs: readonly (readonly [verb: string, weight: number])[]): fc.Arbitrary<string> =>
  fc.oneof(...verbs.map(([verb, weight]) => ({ weight, arbitrary: fc.constant(verb) })));

const event: fc.Arbitrary<Event> = fc.record({
  owner: fc.constantFrom(...OWNERS),
  verb: weighted(
    ['lock', 9],
    ['unlock', 5],
    ['enter', 3],
    ['exit', 3],
    ['disable', 3],
    ['enable', 2],
    ['save', 1],
    ['restore', 1],
  ),
  pick: fc.nat(59),
  mode: fc.constantFrom(...MODES),
  isTry: fc.nat(4).map((one) => one === 0),
  isRaw: fc.boolean(),
});
export const events: fc.Arbitrary<Event[]> = fc.array(event, { maxLength: 70, size: 'max' });
export const someKinds: fc.Arbitrary<Kind[]> = fc.array(fc.constantFrom(...KINDS, 'spin' as const, 'rwlock' as const), {
  minLength: 4,
  maxLength: 5,
});

/** The event as lines that are legal now; none where there is nothing to be done. */
export function linesOf({ owner, verb, pick, mode, isTry, isRaw }: Event, oracle: ContextOracle): string[] {
  const state = oracle.ownerState(owner);
  const taken = oracle.taken(owner).map((held) => held.class);
  const context = CONTEXTS[pick % CONTEXTS.length] as Context;
  const handlers = state.entered.filter((one) => one.context === context).length;
  if (verb === 'lock' && state.held.length < DEEPEST) {
    const [name, kind] = [...oracle.kinds][pick % oracle.kinds.size] as [string, Kind];
    const words = [kind === 'rwlock' || kind === 'rwsem' ? mode : 'exclusive', ...(isTry ? ['try'] : [])];
    return [`${owner} lock ${name} ${words.join(' ')}`];
  }
  if (verb === 'unlock' && taken.length > 0) return [`${owner} unlock ${taken[pick % taken.length]}`];
  if (verb === 'enter' && state.entered.length < 3) {
    return [`${owner} enter ${context}${isRaw && context === 'hardirq' ? ' raw' : ''}`];
  }
  const innermost = state.entered.at(-1);
  if (verb === 'exit' && innermost !== undefined) {
    return [...taken.reverse().map((name) => `${owner} unlock ${name}`), `${owner} exit ${innermost.context}`];
  }
  const isOff = { hardirq: true, softirq: state.softirqDisable > handlers, tick: state.tickDisable > handlers }[
    context
  ];
  if (verb === 'disable' || (verb === 'enable' && isOff)) return [`${owner} ${verb} ${context}`];
  return verb === 'save' || (verb === 'restore' && state.saved.length > 0) ? [`${owner} ${verb}`] : [];
}
