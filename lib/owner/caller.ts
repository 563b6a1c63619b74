/**
 * Who calls a function of the runtime. Only calls of the program count: not those that the runtime makes itself, as streams
 * do when they emit, not those of the checker, and not those of a loader that reads a module on the way to it. The top-level
 * code of a module is the program, whoever loads it.
 */
import { type CallSite, captureCallSites, captureFrames, captureSite, parseFrames, RawSite } from '../state/site.ts';

/** A loader may stand deep in a compiler. */
const FRAMES = 100;
const LOADER = 'node:internal/modules/';
/** Functions that only hand on what somebody else calls. */
const HANDING_ON: ReadonlySet<string | null> = new Set(['emit', 'dispatchEvent', 'runInAsyncScope']);

/**
 * Where the program makes the call of `below`; `null` where it is not the program that calls. About 3 µs where it is the
 * runtime, and a formatted stack trace where it is not.
 * @param isOverridden whether methods stand in between that hand the call on
 */
export function programSite(below: unknown, isOverridden = false): RawSite | null {
  const frames = captureCallSites(below);
  const at = frames.findIndex((frame) => !isPassedOver(frame, isOverridden));
  const caller = frames[at];
  const file = caller?.isAsync() ? undefined : plain(caller?.getFileName());
  if (file !== undefined && (file.startsWith('node:') || isChecker(file))) {
    return null;
  }
  const { stack } = captureSite(below, FRAMES);
  return isLoading(stack) ? null : new RawSite({ stack: withoutFrames(stack, at) });
}

function isPassedOver(frame: CallSite, isOverridden: boolean): boolean {
  const file = plain(frame.getFileName());
  if (file === undefined || (isOverridden && HANDING_ON.has(frame.getFunctionName()))) {
    return true;
  }
  return file.startsWith(ROOT) && !isChecker(file);
}

/** The checker reads and writes files at start-up and for its reports; its other parts hand on what the program calls. */
function isChecker(file: string): boolean {
  return file.startsWith(ROOT) && /^(?:(?:cjs|esm)\/)?preload\/(?!children\.)/.test(file.slice(ROOT.length));
}

/** True where a loader calls something that is not the top-level code of a module. */
function isLoading(stack: string): boolean {
  const [running = ''] = stack.split(/^\s*at async /m, 1);
  const frames = parseFrames(running);
  const loader = frames.findIndex(({ file }) => file.startsWith(LOADER));
  return loader > 0 && frames[loader - 1]?.function !== undefined;
}

/** The first line is no frame. */
function withoutFrames(stack: string, count: number): string {
  const [first, ...frames] = stack.split('\n');
  return [first, ...frames.slice(Math.max(0, count))].join('\n');
}

/** A file by its path, with slashes. */
function plain(file: string | null | undefined): string | undefined {
  const path = file?.startsWith('file://') ? decodeURI(file.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, '')) : file;
  return path?.replaceAll('\\', '/');
}

/** The folder of this package's code, in whichever form it is loaded. One that no file is in where the code was bundled. */
const ROOT: string = /^(.*?\/)(?:(?:cjs|esm)\/)?owner\/caller\.\w+$/.exec(plain(here()) ?? '')?.[1] ?? '\0';

function here(): string | undefined {
  return captureFrames(captureFrames)[0]?.file;
}
