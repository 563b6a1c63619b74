/**
 * The rules about the life of a lock are judged in one way: p does something with a lock, and that alone decides.
 */
import type { MisuseRule, MisuseViolation } from '../../lib/model/violation.ts';
import type { LifeEvent } from '../../lib/rules/lifetime.ts';
import type { LockInstance } from '../../lib/state/classes.ts';
import type { State } from '../../lib/state/state.ts';
import { at, holding, lockOf, ownerOf, place, stateOf } from './scene.ts';

type LifetimeRule = (state: State, event: LifeEvent) => readonly MisuseViolation[];

export interface LifetimeCase {
  readonly rule: MisuseRule;
  readonly act: LifeEvent['act'];
  /** Whether q holds the lock. */
  readonly isHeld?: boolean;
  /** Where the lock is, if that is what matters. */
  readonly lifetime?: LockInstance['lifetime'];
  readonly message: string;
  /** What else makes it no finding. */
  readonly quiet: readonly Partial<LifeEvent>[];
}

function sceneOf({ act, isHeld = false, lifetime = 'ready' }: LifetimeCase): { state: State; event: LifeEvent } {
  const state = stateOf();
  const a = lockOf(state, 'a');
  a.lifetime = lifetime;
  const holder = isHeld ? holding(ownerOf('q', 2), a, { line: 3 }) : undefined;
  return { state, event: { owner: ownerOf('p'), lock: a, act, held: [], holder, site: at(5) } };
}

export function describeLifetimeRule(judge: LifetimeRule, one: LifetimeCase): void {
  const { rule, lifetime, message, quiet } = one;

  describe(rule, () => {
    it('is reported', () => {
      const { state, event } = sceneOf(one);
      const found = judge(state, event);
      expect(found).toMatchObject([{ rule, severity: 'error', confidence: 'certain', message, owner: 'p' }]);
      expect(found[0]?.sites[0]).toEqual(place(5));
    });

    it.each(quiet)('is quiet elsewhere: %o', (other) => {
      const { state, event } = sceneOf(one);
      expect(judge(state, { ...event, ...other })).toEqual([]);
    });

    if (lifetime !== undefined) {
      it('is quiet where the lock is ready', () => {
        const { state, event } = sceneOf({ ...one, lifetime: 'ready' });
        expect(judge(state, event)).toEqual([]);
      });
    }
  });
}
