/**
 * A mutex of a form, a condition of it, and what a request needs.
 */
import type { Condition, Guard, Mutex } from '../../../lib/index.ts';
import type { Form } from './forms.ts';

export interface ConditionWorld {
  readonly mutex: Mutex;
  readonly condition: Condition;
  readonly by: () => ReturnType<Form['asked']>;
  readonly take: () => Promise<Guard>;
}

export function conditionWorld(form: Form): ConditionWorld {
  const made = form.made();
  const { Mutex, Condition } = form.locks();
  const mutex = new Mutex('mutex', made);
  const condition = new Condition(mutex, 'condition');
  return { mutex, condition, by: () => form.asked(made), take: () => mutex.acquire(form.asked(made)) };
}
