/**
 * Snapshots made by hand, as short as a spec wants them. Everything left out has a fixed value.
 */
import type { ClassRef, DependencyKind, Site } from '../../../lib/model/lock.ts';
import {
  SNAPSHOT_SCHEMA,
  type Snapshot,
  type SnapshotClass,
  type SnapshotDependency,
  type SnapshotProcess,
} from '../../../lib/model/snapshot.ts';
import type { HeldRef, Violation, Witness } from '../../../lib/model/violation.ts';

export const T0: number = Date.UTC(2026, 0, 1);

/** `src/settle.ts:38:23` and the source line. */
export function site(place: string, text?: string): Site {
  const [, file = '', line, column] = /^(.*):(\d+):(\d+)$/.exec(place) ?? [];
  return { file, line: Number(line), column: Number(column), ...(text === undefined ? {} : { text }) };
}

export function lock(name: string, more: Partial<ClassRef> = {}): ClassRef {
  return { key: name, name, kind: 'mutex', capacity: 1, ...more };
}

export function held(one: ClassRef, where: Site | null = null): HeldRef {
  return { lock: one, mode: 'exclusive', site: where };
}

export function witness(more: Partial<Witness> = {}): Witness {
  return { kind: 'EN', owner: 'main#1', taken: null, asked: null, at: T0, process: '4242', ...more };
}

/** A dependency by class names, for `snapshot`. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly count?: number;
  readonly witnesses?: readonly Witness[];
  readonly kind?: DependencyKind;
}

export interface SnapshotParts extends Partial<Omit<Snapshot, 'process' | 'dependencies' | 'classes'>> {
  readonly process?: Partial<SnapshotProcess>;
  readonly classes?: readonly ClassRef[];
  readonly arrows?: readonly Arrow[];
}

export function snapshot(parts: SnapshotParts = {}): Snapshot {
  const { process, classes = [], arrows = [], ...rest } = parts;
  const names = [...new Set(arrows.flatMap(({ from, to }) => [from, to]))];
  const known = new Set(classes.map((one) => one.name));
  const all = [...classes, ...names.filter((name) => !known.has(name)).map((name) => lock(name))];
  return {
    schema: SNAPSHOT_SCHEMA,
    process: processOf(process),
    classes: all.map(counted),
    dependencies: arrows.map((arrow) => dependency(arrow, all)),
    violations: [],
    adapters: [{ name: 'async-mutex', version: '0.5.0', status: 'watched' }],
    totals: { instances: all.length, acquisitions: 1234, owners: 5, refuted: 0 },
    limits: [],
    failure: null,
    ...rest,
  };
}

/** Of a process in which no lock was seen. */
export function nothing(parts: SnapshotParts = {}): Snapshot {
  const totals = { instances: 0, acquisitions: 0, owners: 0, refuted: 0 };
  return snapshot({ adapters: [], totals, ...parts });
}

function processOf(more: Partial<SnapshotProcess> = {}): SnapshotProcess {
  return {
    pid: 4242,
    thread: 0,
    command: 'node app.js',
    node: 'v20.20.2',
    startedAt: T0,
    writtenAt: T0 + 5000,
    ending: 'drained',
    ...more,
  };
}

function counted(one: ClassRef): SnapshotClass {
  return { ...one, instances: 1, acquisitions: 10 };
}

function dependency(
  { from, to, count = 1, witnesses, kind = 'EN' }: Arrow,
  all: readonly ClassRef[],
): SnapshotDependency {
  const index = (name: string): number => all.findIndex((one) => one.name === name);
  return { from: index(from), to: index(to), count, witnesses: witnesses ?? [witness({ kind })] };
}

/** What all violations have, with fixed values for what is left out. */
export function base(
  more: Partial<Violation> = {},
): Omit<Violation, 'rule' | 'edges' | 'lock'> & { fingerprint: string } {
  return {
    severity: 'error',
    confidence: 'possible',
    fingerprint: '0123456789ab',
    count: 1,
    message: 'The fact in one sentence.',
    owner: 'main#1',
    process: '4242',
    sites: [],
    held: [],
    ...more,
  };
}
