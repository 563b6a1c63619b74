/**
 * What the interrupt rules have in common. A class is *safe* in a context once it was used in it, *unsafe* once it was held while the
 * context could interrupt. Where a strong path leads from a safe class to an unsafe one, the handler can wait for ever for
 * the owner that it interrupted. Classes that each CPU has for itself neither end a path nor are passed by one.
 */
import { classAnchor, fingerprint } from '../model/fingerprint.ts';
import type { CycleEdge, IrqPathViolation, UsageRef } from '../model/violation.ts';
import type { Marking } from '../state/attempt.ts';
import type { LockClass } from '../state/classes.ts';
import type { Context } from '../state/contexts.ts';
import type { CycleStep, RawWitness } from '../state/dependencies.ts';
import { backwardPath, type End, forwardPath, type Path } from '../state/paths.ts';
import { processOf } from '../state/peer-owner.ts';
import type { State } from '../state/state.ts';
import { ANY_FORM, type Usage, type UsageForm, type UsageKind, type UsageMark } from '../state/usage.ts';
import { cycleConfidence } from './confidence.ts';
import { finding, resolve } from './finding.ts';
import { witnessData } from './witness.ts';

/** A first use, recorded or just being made. */
export type SeenUsage = Pick<UsageMark, 'class' | 'context' | 'usage' | 'form' | 'owner' | 'site'>;

const passes = ({ kind }: LockClass): boolean => kind.irq !== 'local';

// Whoever is reached as a recursive reader waits for writers alone. Whoever is held by a reader keeps from going on writers, and
// the plain readers behind them.
function formsOf({ isWeak }: End, usage: UsageKind): readonly UsageForm[] {
  if (!isWeak) {
    return ANY_FORM;
  }
  return usage === 'enabled' ? ['write'] : ['write', 'read'];
}

interface From {
  readonly start: End;
  readonly context: Context;
  readonly maybeEmpty: boolean;
}

/** A shortest strong path to a class that was held with the context enabled. */
export function toUnsafe(state: State, { start, context, maybeEmpty }: From): Path | undefined {
  const accepts = (end: End): boolean =>
    state.usages.find(end.class, context, 'enabled', formsOf(end, 'enabled')) !== undefined;
  return state.usages.isUnused(context, 'enabled')
    ? undefined
    : forwardPath(state.dependencies, { start, maybeEmpty, accepts, passes });
}

/** A shortest strong path from a class that was used in the context. */
export function fromSafe(state: State, { start, context, maybeEmpty }: From): Path | undefined {
  const accepts = (end: End): boolean =>
    state.usages.find(end.class, context, 'used-in', formsOf(end, 'used-in')) !== undefined;
  return state.usages.isUnused(context, 'used-in')
    ? undefined
    : backwardPath(state.dependencies, { start, maybeEmpty, accepts, passes });
}

/** The mark at the end of a path. */
export function markAt(state: State, end: End, { context, usage }: { context: Context; usage: UsageKind }): SeenUsage {
  const mark = state.usages.find(end.class, context, usage, formsOf(end, usage));
  if (mark === undefined) {
    throw new Error(`a path ends at class ${end.class.id}, which has no mark there`);
  }
  return mark;
}

/** A usage as it is just being made. */
export function beingMade(usage: Usage, { owner, site }: Marking): SeenUsage {
  return { ...usage, owner, site };
}

export function usageRef(state: State, { usage, form, owner, site }: SeenUsage): UsageRef {
  return {
    usage,
    form: form === 'write' ? 'write' : 'read',
    owner: owner.name,
    process: processOf(state.process, owner),
    site: resolve(state, site),
  };
}

/** A step of a path as data, and who went it. */
export interface Step {
  readonly edge: CycleEdge;
  readonly owners: readonly { readonly owner: unknown }[];
}

/** A step that was seen before. */
export function knownStep(state: State, { dependency, kind }: CycleStep): Step {
  const { from, to, count, witnesses } = dependency;
  const raw = witnesses.find((one) => one.kind === kind) ?? (witnesses[0] as RawWitness);
  const edge = { from: from.ref, to: to.ref, witness: witnessData(state, raw), count, attempted: false };
  return { edge, owners: witnesses };
}

interface Danger {
  readonly rule: IrqPathViolation['rule'];
  /** What the owner does, after its name. */
  readonly fact: string;
  readonly safe: SeenUsage;
  readonly unsafe: SeenUsage;
  readonly steps: readonly Step[];
}

/** The path from a safe class to an unsafe one. The same two classes are one defect, whichever of the two rules finds it. */
export function describePath(
  state: State,
  event: Marking,
  { rule, fact, safe, unsafe, steps }: Danger,
): IrqPathViolation {
  const context = safe.context.name;
  const [used, enabled] = [usageRef(state, safe), usageRef(state, unsafe)];
  const path = steps.map(({ edge }) => edge);
  const ends = [{ owner: safe.owner }, { owner: unsafe.owner }];
  const base = finding(state, {
    rule,
    severity: 'error',
    confidence: cycleConfidence([ends, ...steps.map(({ owners }) => owners)]),
    message: `${event.owner.name} ${fact}.`,
    owner: event.owner,
    held: event.held,
    sites: [
      ...new Set([
        resolve(state, event.site),
        ...path.flatMap(({ witness }) => [witness.asked, witness.taken]),
        used.site,
        enabled.site,
      ]),
    ],
    identity: fingerprint('irq-order', [context, classAnchor(safe.class.ref), classAnchor(unsafe.class.ref)]),
  });
  return { ...base, context, safe: safe.class.ref, used, unsafe: unsafe.class.ref, enabled, path };
}
