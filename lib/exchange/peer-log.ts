/**
 * What checkers share. Who makes one sees to it that all of them read the same records in the same order.
 */

/** A log that several checkers share. Records come back in one order for all. */
export interface PeerLog {
  /** Adds a record. @returns its position, or -1 where the log is full (which the log says itself, once) */
  append(record: string): number;
  /** Position behind the last record. Costs one load. */
  readonly end: number;
  /**
   * Hands over all records from `from` up to `to`, which is not included. One's own may be left out.
   * @returns the next position
   */
  read(from: number, to: number, visit: (record: string, position: number) => void): number;
}
