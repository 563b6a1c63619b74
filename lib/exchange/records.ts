/**
 * What checkers tell each other, as text: one JSON record for each step that showed something new. A class is described once by each
 * checker, and named by its number there from then on.
 * Refuses: text that is no record of this version. Nothing of it is used then.
 */
import type { LockKind } from '../model/kind.ts';
import type { DependencyKind, Site } from '../model/lock.ts';
import type { Violation } from '../model/violation.ts';
import type { UsageForm, UsageKind } from '../state/usage.ts';

const VERSION = 1;

/** A class, by its number in the checker that tells of it. */
export interface ClassData {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly site?: Site | undefined;
  /** All that is to be known of the kind, since whoever reads it need not know one of this name. */
  readonly kind: LockKind;
  readonly capacity: number;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly inhibits: readonly string[];
  /** Of a subclass: the number of its class, and its level. */
  readonly base?: number | undefined;
  readonly level?: number | undefined;
}

/** Who did something, and where. */
interface Deed {
  readonly owner: string;
  readonly at: number;
}

export interface EdgeData extends Deed {
  readonly from: number;
  readonly to: number;
  readonly kind: DependencyKind;
  readonly taken: Site | null;
  readonly asked: Site | null;
  readonly broke: boolean;
}

/** A gate: the key that it is known by in all threads, and whether it was held exclusively. */
export type GateData = readonly [key: string, exclusive: boolean];

export interface PairData extends Deed {
  readonly from: number;
  readonly to: number;
  readonly kinds: readonly DependencyKind[];
  readonly gates: readonly GateData[];
}

export interface MarkData {
  readonly class: number;
  readonly context: string;
  readonly usage: UsageKind;
  readonly form: UsageForm;
  readonly owner: string;
  readonly site: Site | null;
  readonly broke: boolean;
}

/** What a step showed. */
export interface News {
  readonly classes: readonly ClassData[];
  readonly edges: readonly EdgeData[];
  readonly pairs: readonly PairData[];
  readonly marks: readonly MarkData[];
  readonly violations: readonly Violation[];
}

export type PeerRecord = { readonly source: number | null; readonly process: string } & Partial<News>;

// A resource without a bound has this capacity, which JSON does not know. No name begins with this character.
const INFINITY = '\u0001Infinity';

/** @param source where the record stands by which the checker joined; `null` for that record itself */
export function encode(record: PeerRecord): string {
  const filled = Object.entries(record).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return JSON.stringify({ version: VERSION, ...Object.fromEntries(filled) }, (_, value: unknown) =>
    value === Number.POSITIVE_INFINITY ? INFINITY : value,
  );
}

/** @throws Error that says what is wrong with it */
export function decode(text: string): PeerRecord {
  const record: unknown = text.includes('\\u0001Infinity')
    ? JSON.parse(text, (_, value: unknown) => (value === INFINITY ? Number.POSITIVE_INFINITY : value))
    : JSON.parse(text);
  if (!isObject(record) || record['version'] !== VERSION) {
    throw new TypeError(`expected a record of version ${VERSION}`);
  }
  const { source, process } = record;
  if (!(source === null || typeof source === 'number') || typeof process !== 'string') {
    throw new TypeError('expected a record that says who wrote it');
  }
  for (const [part, fields] of PARTS) {
    checkPart(part, record[part], fields);
  }
  return record as unknown as PeerRecord;
}

type Field = readonly [name: string, type: 'string' | 'number' | 'object' | 'boolean'];

const DEED: readonly Field[] = [
  ['from', 'number'],
  ['to', 'number'],
  ['owner', 'string'],
  ['at', 'number'],
];

const PARTS: readonly (readonly [part: string, fields: readonly Field[]])[] = [
  [
    'classes',
    [
      ['id', 'number'],
      ['key', 'string'],
      ['name', 'string'],
      ['kind', 'object'],
      ['capacity', 'number'],
      ['traits', 'object'],
      ['inhibits', 'object'],
    ],
  ],
  ['edges', [...DEED, ['kind', 'string'], ['taken', 'object'], ['asked', 'object'], ['broke', 'boolean']]],
  ['pairs', [...DEED, ['kinds', 'object'], ['gates', 'object']]],
  [
    'marks',
    [
      ['class', 'number'],
      ['context', 'string'],
      ['usage', 'string'],
      ['form', 'string'],
      ['owner', 'string'],
      ['site', 'object'],
      ['broke', 'boolean'],
    ],
  ],
  [
    'violations',
    [
      ['fingerprint', 'string'],
      ['rule', 'string'],
      ['confidence', 'string'],
      ['count', 'number'],
    ],
  ],
];

function checkPart(part: string, value: unknown, fields: readonly Field[]): void {
  if (value === undefined) {
    return;
  }
  if (!Array.isArray(value)) {
    throw new TypeError(`${part}: expected a list`);
  }
  for (const one of value) {
    const wrong = fields.find(([name, type]) => !isObject(one) || typeof one[name] !== type);
    if (wrong !== undefined) {
      throw new TypeError(`${part}: expected ${wrong[0]} to be of type ${wrong[1]}`);
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
