/**
 * How classes were used: in a context, and while one could interrupt. Each mark keeps who made it first, and where.
 * A mark that is known costs one look-up.
 */
import type { Mode } from '../model/lock.ts';
import type { OwnerRef } from '../model/owner.ts';
import type { LockClass } from './classes.ts';
import type { Context, Situation } from './contexts.ts';
import { PeerOwner } from './peer-owner.ts';
import type { RawSite } from './site.ts';

export type UsageKind = 'used-in' | 'enabled';
/** How: as a writer, as a reader that a waiting writer stops, or as one that none does. */
export type UsageForm = 'write' | 'read' | 'recursive-read';

export const ANY_FORM: readonly UsageForm[] = ['write', 'read', 'recursive-read'];

/** One way of using a class. */
export interface Usage {
  readonly class: LockClass;
  readonly context: Context;
  readonly usage: UsageKind;
  readonly form: UsageForm;
}

/** The first time that a class was used so. */
export interface UsageMark extends Usage {
  readonly owner: OwnerRef;
  readonly site: RawSite | null;
  /** True if it broke a rule: then it is judged each time, so that the finding is counted. */
  broke: boolean;
}

/** Where a mark stands among those of a class and a context. */
function slot({ id }: Context, usage: UsageKind, form: UsageForm): number {
  return (id * 2 + (usage === 'enabled' ? 1 : 0)) * ANY_FORM.length + ANY_FORM.indexOf(form);
}

export class UsageTable {
  /** By class id, then slot. */
  readonly #marks: (UsageMark | undefined)[][] = [];
  /** Number of classes marked, by context id and usage. */
  readonly #counts = new Map<string, number>();
  /** The marks that other checkers are not told of yet; `null` where nobody is to be told. */
  fresh: UsageMark[] | null = null;

  /** The first time that a class was used in one of these forms, the first of them that it was used in. */
  find(lockClass: LockClass, context: Context, usage: UsageKind, forms: readonly UsageForm[]): UsageMark | undefined {
    const marks = this.#marks[lockClass.id];
    const form = marks && forms.find((one) => marks[slot(context, usage, one)] !== undefined);
    return form && marks[slot(context, usage, form)];
  }

  /** True if there is something to tell of this usage: it is new, or broke a rule before. */
  isNews({ class: lockClass, context, usage, form }: Usage): boolean {
    return this.#marks[lockClass.id]?.[slot(context, usage, form)]?.broke !== false;
  }

  /** True if no class was ever used so. */
  isUnused(context: Context, usage: UsageKind): boolean {
    return !this.#counts.has(`${context.id} ${usage}`);
  }

  isNew({ class: lockClass, context, usage, form }: Usage): boolean {
    return this.#marks[lockClass.id]?.[slot(context, usage, form)] === undefined;
  }

  /** Takes back what was recorded of these usages. */
  forget(usages: readonly Usage[]): void {
    for (const { class: lockClass, context, usage, form } of usages) {
      const marks = this.#marks[lockClass.id];
      if (marks?.[slot(context, usage, form)] !== undefined) {
        this.fresh = this.fresh?.filter((mark) => mark !== marks[slot(context, usage, form)]) ?? null;
        marks[slot(context, usage, form)] = undefined;
        const key = `${context.id} ${usage}`;
        const left = (this.#counts.get(key) ?? 1) - 1;
        if (left > 0) {
          this.#counts.set(key, left);
        } else {
          this.#counts.delete(key);
        }
      }
    }
  }

  /** Records the first time; later ones add nothing. */
  record(mark: UsageMark): void {
    const { class: lockClass, context, usage, form } = mark;
    this.#marks[lockClass.id] ??= [];
    const marks = this.#marks[lockClass.id] as (UsageMark | undefined)[];
    if (marks[slot(context, usage, form)] === undefined) {
      marks[slot(context, usage, form)] = mark;
      if (!(mark.owner instanceof PeerOwner)) {
        this.fresh?.push(mark);
      }
      const key = `${context.id} ${usage}`;
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    }
  }

  /** All marks, by class. */
  *[Symbol.iterator](): Iterator<UsageMark> {
    for (const marks of this.#marks) {
      for (const mark of marks ?? []) {
        if (mark !== undefined) {
          yield mark;
        }
      }
    }
  }
}

const FORMS: Readonly<Record<Mode, UsageForm>> = {
  exclusive: 'write',
  shared: 'read',
  'recursive-shared': 'recursive-read',
};

/** What there is to tell of the ways in which an acquire uses its class, most often nothing. */
export function usagesOf(
  table: UsageTable,
  { class: lockClass, mode, try: isTry, situation }: UsedAs,
): readonly Usage[] {
  if (lockClass.kind.irq === 'none') {
    return [];
  }
  const base = { class: lockClass, form: FORMS[mode] };
  // A try does not wait for whoever was interrupted.
  const interrupting = isTry ? [] : situation.inside.filter(({ interrupts }) => interrupts);
  const inside = interrupting.map((context) => ({ ...base, context, usage: 'used-in' as const }));
  const open = situation.open.map((context) => ({ ...base, context, usage: 'enabled' as const }));
  return [...inside, ...open].filter((usage) => table.isNews(usage));
}

interface UsedAs {
  readonly class: LockClass;
  readonly mode: Mode;
  readonly try: boolean;
  readonly situation: Pick<Situation, 'inside' | 'open'>;
}
