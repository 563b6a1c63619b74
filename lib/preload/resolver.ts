/**
 * Picks the frame that a person wants to see: the first of the program's own code, as file, line and column of what was
 * written, relative to the project root.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Site } from '../model/lock.ts';
import { type Frame, parseFrames, type SiteResolver } from '../state/site.ts';
import type { Sources } from './source.ts';

export interface ResolverOptions {
  /** Absolute path of the folder that files are named relative to. */
  readonly root: string;
  /** Absolute path of the checker's own code, whose frames nobody wants to see. */
  readonly own: string;
  /** Packages whose frames are passed over: those that are watched. */
  readonly passOver: readonly string[];
  readonly sources: Sources;
}

interface Place extends Frame {
  /** Absolute path. */
  readonly path: string;
}

export function nodeResolver(options: ResolverOptions): SiteResolver {
  return (stack) => {
    const places = placesOf(stack);
    const place = choose(places, options);
    return place === undefined ? null : siteOf(place, nameFor(place, places), options);
  };
}

/** The key of what was made where no frame of a file is known. */
export const UNKNOWN_PLACE = 'unknown';

/** Where something was made. */
export interface Origin {
  /** What tells it from other places, cheaply: the chosen frame as it stands in the code that runs. */
  readonly key: string;
  /** The derived class whose object it was made for, where the place itself belongs to a class that it extends. */
  readonly derived: string | undefined;
}

export function originOf(frames: readonly Frame[], options: ResolverOptions): Origin {
  const places = frames.filter(isInFile).map(placeOf);
  const place = choose(places, options);
  if (place === undefined) {
    return { key: UNKNOWN_PLACE, derived: undefined };
  }
  const derived = derivedClass(places.slice(places.indexOf(place)));
  return { key: `${place.path}:${place.line}:${place.column}${derived === undefined ? '' : ` ${derived}`}`, derived };
}

// A field of a base class is made inside one constructor after another; the outermost says what kind of object it is for.
function derivedClass(places: readonly Place[]): string | undefined {
  const start = places[0]?.function?.startsWith('new ') ? 0 : 1;
  const names = places.slice(start).map((place) => /^new (.+)$/.exec(place.function ?? '')?.[1]);
  const end = names.indexOf(undefined);
  const constructors = end < 0 ? names : names.slice(0, end);
  return constructors.length > 1 ? constructors.at(-1) : undefined;
}

function placesOf(stack: string): Place[] {
  return parseFrames(stack).filter(isInFile).map(placeOf);
}

function isInFile({ file }: Frame): boolean {
  return file.startsWith('file:') || path.isAbsolute(file);
}

function placeOf(frame: Frame): Place {
  return { ...frame, path: frame.file.startsWith('file:') ? fileURLToPath(frame.file) : frame.file };
}

function choose(places: readonly Place[], { own, passOver }: ResolverOptions): Place | undefined {
  const outside = places.filter((place) => !place.path.startsWith(own + path.sep));
  const isModule = (place: Place): boolean => place.path.includes(`${path.sep}node_modules${path.sep}`);
  return (
    outside.find((place) => !isModule(place)) ??
    outside.find((place) => !passOver.some((name) => place.path.includes(modulePath(name)))) ??
    outside[0]
  );
}

function modulePath(name: string): string {
  return `${path.sep}node_modules${path.sep}${name.split('/').join(path.sep)}${path.sep}`;
}

// A call in an arrow function stands in the named function around it, which is the next one outward that has a name.
function nameFor(place: Place, places: readonly Place[]): string | undefined {
  const outward = places.slice(places.indexOf(place));
  return outward.find((other) => other.path === place.path && other.function !== undefined)?.function;
}

function siteOf(place: Place, name: string | undefined, { root, sources }: ResolverOptions): Site {
  const original = sources.original({ file: place.path, line: place.line, column: place.column });
  const text = sources.line(original.file, original.line)?.trim();
  return {
    file: relativeTo(root, original.file),
    line: original.line,
    column: original.column,
    ...(name === undefined ? {} : { function: name }),
    ...(text === undefined || text === '' ? {} : { text: text.slice(0, 200) }),
  };
}

function relativeTo(root: string, file: string): string {
  const relative = path.relative(root, file);
  const isBelow = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return (isBelow ? relative : file).split(path.sep).join('/');
}
