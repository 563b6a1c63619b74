/**
 * The inside of an explicit owner.
 */
import type { OwnerRef } from '../model/owner.ts';
import type { Engine } from './engine.ts';
import type { EventMemory } from './events.ts';
import type { HeldStack } from './held-stack.ts';
import type { OwnerContexts } from './owner-contexts.ts';

export interface Parts {
  readonly owner: OwnerRef;
  readonly engine: Engine;
  readonly stack: HeldStack;
  readonly contexts: OwnerContexts;
  readonly memory: EventMemory;
}
