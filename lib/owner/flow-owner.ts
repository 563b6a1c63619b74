/**
 * Who an async flow is: from its first lock to the release of its last, or for as long as a named task runs.
 */
import type { OwnerRef } from '../model/owner.ts';
import type { RawSite, SiteResolver } from '../state/site.ts';

/** A request that says where it was made. */
interface Request {
  readonly place: RawSite | null;
}

export interface FlowFacts {
  readonly id: number;
  readonly resolver: SiteResolver;
  /** Its first request, where it is named after that. */
  readonly first?: Request | undefined;
  /** Name of the function that it runs, where it runs one of its own; empty for a function without a name. */
  readonly task?: string | undefined;
}

/** An async flow, named after the function that it runs or that asked. */
export class FlowOwner implements OwnerRef {
  readonly id: number;
  readonly #facts: FlowFacts;

  constructor(facts: FlowFacts) {
    this.id = facts.id;
    this.#facts = facts;
  }

  get name(): string {
    return `${this.origin}#${this.id}`;
  }

  /** The function that it is named after: what all flows that begin there have in common. */
  get origin(): string {
    const { resolver, task, first } = this.#facts;
    const fallback = task === undefined ? 'flow' : 'task';
    return task || (first?.place?.resolve(resolver)?.function ?? fallback);
  }
}
