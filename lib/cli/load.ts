/**
 * Reads snapshot files and folders of them. A file that cannot be used is a problem of its own and never loses the others.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { SNAPSHOT_SCHEMA, type Snapshot } from '../model/snapshot.ts';
import type { Problem } from '../report/report.ts';
import { inWords } from './problem.ts';
import { snapshotProblem } from './snapshot-shape.ts';

export interface Loaded {
  readonly snapshots: readonly Snapshot[];
  readonly problems: readonly Problem[];
}

export interface LoadOptions {
  /** Which files of a folder to read, by name. @default those that end in `.json` or `.failed` */
  readonly accept?: (name: string) => boolean;
}

/** All usable snapshots at these paths; folders are searched at any depth, in the order of names. */
export function load(paths: readonly string[], options: LoadOptions = {}): Loaded {
  const accept = options.accept ?? ((name) => name.endsWith('.json') || name.endsWith('.failed'));
  const snapshots: Snapshot[] = [];
  const problems: Problem[] = [];
  for (const found of new Map(paths.flatMap((one) => find(one, accept)).map((one) => [one.file, one])).values()) {
    const result = 'problem' in found ? found : read(found.file);
    if ('problem' in result) {
      problems.push(result);
    } else {
      snapshots.push(result.snapshot);
    }
  }
  return { snapshots, problems };
}

type Found = { readonly file: string } | Problem;

function find(file: string, accept: (name: string) => boolean): readonly Found[] {
  try {
    return statSync(file).isDirectory() ? list(file, accept) : [{ file }];
  } catch (error) {
    return [unreadable(file, error)];
  }
}

/** Links to folders are not followed, so that a link upward does not go round for ever. */
function list(folder: string, accept: (name: string) => boolean): readonly Found[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    return entries.flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        return list(file, accept);
      }
      return accept(entry.name) ? [{ file }] : [];
    });
  } catch (error) {
    return [unreadable(folder, error)];
  }
}

function read(file: string): { readonly snapshot: Snapshot } | Problem {
  if (file.endsWith('.failed')) {
    return {
      file,
      problem: 'was left by a process that could not write its snapshot',
      remedy: 'See the line that this process printed, and run again.',
    };
  }
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    return unreadable(file, error);
  }
  return parse(file, content);
}

function parse(file: string, content: string): { readonly snapshot: Snapshot } | Problem {
  let value: unknown;
  try {
    value = JSON.parse(content, reviveCapacity);
  } catch {
    return notJson(file, content.trim());
  }
  const schema = typeof value === 'object' && value !== null ? (value as { schema?: unknown }).schema : undefined;
  if (schema !== SNAPSHOT_SCHEMA) {
    return otherSchema(file, schema);
  }
  const problem = snapshotProblem(value);
  if (problem !== undefined) {
    return {
      file,
      problem: `is not a whole snapshot: ${problem}`,
      remedy: 'Write it again with the version of lockdep that is installed here.',
    };
  }
  return { snapshot: value as Snapshot };
}

/** JSON has no Infinity: a resource without a bound was written as null. */
function reviveCapacity(field: string, value: unknown): unknown {
  return field === 'capacity' && value === null ? Number.POSITIVE_INFINITY : value;
}

function notJson(file: string, content: string): Problem {
  if (content === '') {
    return {
      file,
      problem: 'is empty',
      remedy: 'The process that wrote it was stopped, or the disk is full: run again.',
    };
  }
  if (content.startsWith('{') && !content.endsWith('}')) {
    return { file, problem: 'ends in the middle', remedy: 'It was cut off while it was written or copied: run again.' };
  }
  return {
    file,
    problem: 'is not JSON',
    remedy: 'Name only snapshots: the files that `lockdep run` leaves in .lockdep.',
  };
}

function otherSchema(file: string, schema: unknown): Problem {
  if (typeof schema === 'string' && schema.startsWith('lockdep/')) {
    return {
      file,
      problem: `has the schema ${JSON.stringify(schema.slice(0, 40))}, and this version reads "${SNAPSHOT_SCHEMA}"`,
      remedy: 'Run again, or report with the version of lockdep that wrote it.',
    };
  }
  return {
    file,
    problem: 'is JSON, but not a snapshot',
    remedy: 'Name only snapshots: the files that `lockdep run` leaves in .lockdep.',
  };
}

function unreadable(file: string, error: unknown): Problem {
  return { file, problem: `cannot be read: ${inWords(error)}`, remedy: 'Check the path and its permissions.' };
}
