/**
 * Source lines and source maps, read from disk when a report asks, each file once. Positions inside a file that says where
 * its source map is are led back to the source; a tool that maps stack traces by itself (ts-node, --enable-source-maps)
 * has named the source already, and nothing is left to do.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { originalPositionFor, sourceContentFor, TraceMap } from '@jridgewell/trace-mapping';

/** A position in a file that a person wrote. */
export interface SourcePosition {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

const MAP_COMMENT = /^\/\/[#@]\s*sourceMappingURL=(\S+)\s*$/gm;
const INLINE_MAP = /^data:application\/json[^,]*?(;base64)?,(.*)$/;

/** Reads each file and each map at most once. */
export class Sources {
  readonly #lines = new Map<string, readonly string[] | null>();
  readonly #maps = new Map<string, TraceMap | null>();

  /** The position in the source that this position was made from, or itself. */
  original(position: SourcePosition): SourcePosition {
    const map = this.#mapOf(position.file);
    if (map === null) {
      return position;
    }
    const { source, line, column } = originalPositionFor(map, { line: position.line, column: position.column - 1 });
    if (source === null) {
      return position;
    }
    const file = source.startsWith('file:') ? fileURLToPath(source) : path.resolve(path.dirname(position.file), source);
    this.#remember(file, sourceContentFor(map, source));
    return { file, line, column: column + 1 };
  }

  /** Line `line` (1-based) of a file, or `undefined` if it cannot be read. */
  line(file: string, line: number): string | undefined {
    return this.#linesOf(file)?.[line - 1];
  }

  #remember(file: string, content: string | null): void {
    if (content !== null && this.#linesOf(file) === null) {
      this.#lines.set(file, content.split(/\r?\n/));
    }
  }

  #linesOf(file: string): readonly string[] | null {
    const known = this.#lines.get(file);
    if (known !== undefined) {
      return known;
    }
    const lines = readText(file)?.split(/\r?\n/) ?? null;
    this.#lines.set(file, lines);
    return lines;
  }

  #mapOf(file: string): TraceMap | null {
    const known = this.#maps.get(file);
    if (known !== undefined) {
      return known;
    }
    const map = readMap(file, this.#linesOf(file));
    this.#maps.set(file, map);
    return map;
  }
}

function readMap(file: string, lines: readonly string[] | null): TraceMap | null {
  const url = [...(lines?.slice(-20).join('\n').matchAll(MAP_COMMENT) ?? [])].at(-1)?.[1];
  if (url === undefined) {
    return null;
  }
  try {
    const inline = INLINE_MAP.exec(url);
    const text = inline ? decode(inline[2] ?? '', inline[1] !== undefined) : readText(fileOf(url, file));
    return text === undefined ? null : new TraceMap(text);
  } catch {
    // A broken map is somebody else's fault: the position in the generated file is still true.
    return null;
  }
}

/** The file that a source map comment names: a URL, absolute or from the place of the file that it stands in. */
function fileOf(url: string, from: string): string {
  if (url.startsWith('file:')) {
    return fileURLToPath(url);
  }
  // Some tools write the bare path: one with a `%` that encodes nothing is a name as it stands.
  const isEncoded = /%[0-9a-f]{2}/i.test(url);
  return path.resolve(path.dirname(from), isEncoded ? decodeURIComponent(url) : url);
}

function decode(text: string, isBase64: boolean): string {
  return isBase64 ? Buffer.from(text, 'base64').toString('utf8') : decodeURIComponent(text);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
