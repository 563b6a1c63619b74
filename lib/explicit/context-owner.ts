/**
 * What an explicit owner says of its contexts: which it enters and leaves, and which it keeps from interrupting it. Hard and soft
 * interrupts have names of their own; they are rows of the same table as all others.
 */
import { checkObject } from '../options.ts';
import { shown } from '../shown.ts';
import type { Context } from '../state/contexts.ts';
import { ChangingOwner } from './changing-owner.ts';

export interface EnterOptions {
  /** Whether the handler would run in a thread of its own on a real-time kernel. @default true */
  readonly threaded?: boolean;
}

/** What `irqSave` found: whether hard interrupts were enabled. */
export type IrqFlags = boolean;

/** A context by its name, or as `ld.context()` gave it. */
export type ContextName = string | { readonly name: string };

export class ContextOwner extends ChangingOwner {
  /**
   * Says that a handler begins to run in place of what this owner did.
   * @throws TypeError if there is no such context
   */
  enter(context: ContextName, options: EnterOptions = {}): void {
    checkObject('options', options);
    const { threaded = true } = options;
    if (typeof threaded !== 'boolean') {
      throw new TypeError(`threaded: expected true or false, got ${shown(threaded)}`);
    }
    this.parts.contexts.enter(this.contextNamed(context), threaded);
  }

  /**
   * Says that the handler has ended. What it took and did not give back is reported.
   * @throws LockdepError under the `throw` policy, after it is left
   */
  exit(context: ContextName): void;
  /** Says that this owner ends. What it still holds is reported and counts as released. The second time it says nothing. */
  exit(): void;
  exit(...context: readonly ContextName[]): void {
    if (context.length === 0) {
      this.end();
    } else {
      this.#run((known) => this.parts.contexts.exit(known, this.exit), context[0] as ContextName);
    }
  }

  /** Keeps the handlers of a context from interrupting this owner. */
  disable(context: ContextName): void {
    this.parts.contexts.disable(this.contextNamed(context));
  }

  /**
   * Lets them interrupt it again.
   * @throws LockdepError under the `throw` policy, after it is enabled
   */
  enable(context: ContextName): void {
    this.#run((known) => this.parts.contexts.enable(known, this.enable), context);
  }

  /** True if the owner is in the context. */
  isIn(context: ContextName): boolean {
    return this.parts.stack.situation.inside.includes(this.contextNamed(context));
  }

  /** True if the owner does not keep the handlers of the context from interrupting it. */
  isEnabled(context: ContextName): boolean {
    return !this.parts.contexts.isDisabled(this.contextNamed(context));
  }

  /** `enter('hardirq')`. */
  hardirqEnter(options?: EnterOptions): void {
    this.enter('hardirq', options);
  }

  /** `exit('hardirq')`. */
  hardirqExit(): void {
    this.#run((known) => this.parts.contexts.exit(known, this.hardirqExit), 'hardirq');
  }

  /** `enter('softirq')`. */
  softirqEnter(): void {
    this.enter('softirq');
  }

  /** `exit('softirq')`. */
  softirqExit(): void {
    this.#run((known) => this.parts.contexts.exit(known, this.softirqExit), 'softirq');
  }

  /** Hard interrupts off. A flag: twice off is off. */
  hardirqDisable(): void {
    this.disable('hardirq');
  }

  /** Hard interrupts on, however often they were disabled. */
  hardirqEnable(): void {
    this.#run((known) => this.parts.contexts.enable(known, this.hardirqEnable), 'hardirq');
  }

  /** Soft interrupts off. This counts. */
  softirqDisable(): void {
    this.disable('softirq');
  }

  /** Takes one `softirqDisable` back. */
  softirqEnable(): void {
    this.#run((known) => this.parts.contexts.enable(known, this.softirqEnable), 'softirq');
  }

  /**
   * Hard interrupts off.
   * @returns what to give to `irqRestore`
   */
  irqSave(): IrqFlags {
    const wasEnabled = !this.parts.contexts.isDisabled(this.contextNamed('hardirq'));
    this.disable('hardirq');
    return wasEnabled;
  }

  /**
   * Hard interrupts as they were when `irqSave` gave these flags.
   * @throws TypeError if they are not what it gave
   */
  irqRestore(flags: IrqFlags): void {
    if (typeof flags !== 'boolean') {
      throw new TypeError(`flags: expected what irqSave() gave, got ${shown(flags)}`);
    }
    if (flags) {
      this.#run((known) => this.parts.contexts.enable(known, this.irqRestore), 'hardirq');
    } else {
      this.disable('hardirq');
    }
  }

  /** The context that is meant. */
  protected contextNamed(context: ContextName): Context {
    const { contexts } = this.parts.engine.state;
    const name = typeof context === 'string' ? context : context?.name;
    const known = contexts.find(name);
    if (known === undefined) {
      const names = contexts.all.map((one) => one.name).join(', ');
      throw new TypeError(`context: expected one of ${names}, got ${shown(name)}`);
    }
    return known;
  }

  #run(work: (context: Context) => void, context: ContextName): void {
    const known = this.contextNamed(context);
    this.parts.engine.during(() => work(known));
  }
}
