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
  readonly passOver: () => readonly string[];
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

/** What tells one creation site from another, cheaply: the chosen frame as it stands in the code that runs. */
export function siteKey(stack: string, options: ResolverOptions): string {
  const place = choose(placesOf(stack), options);
  return place === undefined ? 'unknown' : `${place.path}:${place.line}:${place.column}`;
}

function placesOf(stack: string): Place[] {
  return parseFrames(stack)
    .filter(({ file }) => file.startsWith('file:') || path.isAbsolute(file))
    .map((frame) => ({ ...frame, path: frame.file.startsWith('file:') ? fileURLToPath(frame.file) : frame.file }));
}

function choose(places: readonly Place[], { own, passOver }: ResolverOptions): Place | undefined {
  const outside = places.filter((place) => !place.path.startsWith(own + path.sep));
  const isModule = (place: Place): boolean => place.path.includes(`${path.sep}node_modules${path.sep}`);
  return (
    outside.find((place) => !isModule(place)) ??
    outside.find((place) => !passOver().some((name) => place.path.includes(modulePath(name)))) ??
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
