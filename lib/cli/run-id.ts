/**
 * The id of a run, and the names of its files: `<run>-<pid>-<thread>[-n].json`.
 * Nine digits (base 36) of time, so that ids sort by it, then the process id of the command that started the run: from the
 * name of a file alone one can tell whether its run is still going on.
 */

const TIME_DIGITS = 9;
/** The first digit stays 0 until the year 2059, which keeps other people's files from looking like ours. */
const FILE = /^(0[a-z0-9]{8}[a-z0-9]{1,7})-\d+-\d+(?:-\d+)?\.(?:json|failed)(?:\.[a-z0-9-]+)?$/;

/** A new id, `[a-z0-9]+`. */
export function newRun(now: number, pid: number): string {
  return now.toString(36).padStart(TIME_DIGITS, '0') + pid.toString(36);
}

/** The process that started this run. */
export function pidOf(run: string): number {
  return Number.parseInt(run.slice(TIME_DIGITS), 36);
}

/** The run that a file belongs to, or `undefined` if it is not one of ours. A half-written file counts, too. */
export function runOf(name: string): string | undefined {
  return FILE.exec(name)?.[1];
}

/** True for a finished file of this run. */
export function isOfRun(name: string, run: string): boolean {
  return name.startsWith(`${run}-`) && (name.endsWith('.json') || name.endsWith('.failed'));
}

/** True if the process that started the run is there, and is not this one. */
export function isGoingOn(run: string): boolean {
  const pid = pidOf(run);
  // This process begins one run at a time: an earlier one under its number has ended. In a container the number is always the same.
  return pid !== process.pid && isAlive(pid);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) {
    return false;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
