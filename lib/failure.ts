/**
 * A checker that breaks the program is worse than none: what fails inside it is said once, and stays inside.
 */

/** What went wrong, whatever was thrown. */
export function describeFailure(error: unknown): string {
  try {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } catch {
    return 'something that cannot be shown was thrown';
  }
}

/** Prints a line, if there is somebody to print it. */
export function say(line: string, ...more: readonly unknown[]): void {
  try {
    console.error(line, ...more);
  } catch {
    // The program took the console away. What was to be said is in the snapshot too.
  }
}
