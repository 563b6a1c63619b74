/**
 * An owner that another checker knows: equal for an equal process and name, since whoever makes one asks for it by both.
 * It stands for its process too, so that what it witnessed needs no label of its own.
 */
import type { OwnerRef } from '../model/owner.ts';

/** No owner of a checker has it: theirs count from 1, and 0 is somebody. */
const PEER_ID = -1;

export class PeerOwner implements OwnerRef {
  readonly id: number = PEER_ID;
  readonly name: string;
  /** Process and thread that it lives in, such as `4242/1`. */
  readonly process: string;

  constructor(name: string, process: string) {
    this.name = name;
    this.process = process;
  }
}

/** Process and thread that saw what this owner did. @param here those of the checker that asks */
export function processOf(here: string, owner: OwnerRef): string {
  return owner instanceof PeerOwner ? owner.process : here;
}
