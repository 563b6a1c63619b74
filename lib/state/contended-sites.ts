/**
 * The places where a lock of one class was asked for that was not free, and whom they waited for.
 * A place is known again by the object that stands for it, which costs nothing, or by what it resolves to, which costs tens
 * of microseconds. So that a lock that is fought over is not slowed down by being watched, the first waits are all looked at,
 * and of those that follow an ever smaller sample, each standing for several; they are resolved later, one at a time.
 * Keeps 256 places, each with 32 whom it waited for; what comes after those counts as other waits.
 */
import type { Site } from '../model/lock.ts';
import { type ContendedSite, MOST_CONTENDED_SITES } from '../model/stats.ts';
import { isRawSite, type RawSite, type SiteResolver } from './site.ts';

/** So many waits are all looked at. After them the sample is halved each time that their number has doubled. */
const ALL_OF = 64;
const MOST_PENDING = 64;
export const MOST_SITES = 256;
export const MOST_HOLDERS = 32;
const SHOWN_HOLDERS = 8;

export type AnySite = RawSite | Site | null;

/** Who holds a lock. */
export interface WaitHolder {
  /** A name that has to be found out first is asked for late, and not for each wait. */
  readonly owner: string | (() => string);
  /** Where it took the lock. */
  readonly site: AnySite;
}

/** One wait that is over. */
export interface PlacedWait {
  readonly waitMs: number;
  readonly site: AnySite;
  readonly holder: WaitHolder | null;
}

interface Pending extends PlacedWait {
  /** How many waits it stands for. */
  readonly weight: number;
}

interface Row {
  readonly site: Site | null;
  waits: number;
  waitMs: number;
  readonly holders: Map<string, { readonly owner: string; readonly site: Site | null; waits: number }>;
}

export class ContendedSites {
  readonly #resolver: SiteResolver;
  readonly #rows = new Map<string, Row>();
  readonly #pending: Pending[] = [];
  /** What those that were resolved are called. */
  readonly #keys = new WeakMap<RawSite, string>();
  readonly #resolved = new Map<string, Site | null>();
  /** Waits at places that had to be resolved. */
  #unknown = 0;
  #seed = 1;
  #otherWaits = 0;
  #isFull = false;

  constructor(resolver: SiteResolver) {
    this.#resolver = resolver;
  }

  /** True where the counts are drawn from a sample. */
  get isSampled(): boolean {
    return this.#unknown > ALL_OF;
  }

  /** True where there were more places, or holders of one, than are kept. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Waits at places that are not kept. */
  get otherWaits(): number {
    return this.#otherWaits;
  }

  add(wait: PlacedWait): void {
    const isNamed = typeof wait.holder?.owner !== 'function';
    if (isNamed && this.#isKnown(wait.site) && this.#isKnown(wait.holder?.site ?? null)) {
      this.#count({ ...wait, weight: 1 });
      return;
    }
    const weight = 2 ** Math.max(0, Math.floor(Math.log2(++this.#unknown / ALL_OF)));
    if (weight === 1 || this.#random() * weight < 1) {
      this.#pending.push({ ...wait, weight });
      const oldest = this.#pending.length > MOST_PENDING ? this.#pending.shift() : undefined;
      if (oldest !== undefined) {
        this.#count(oldest);
      }
    }
  }

  /** The places that waited longest in all, the worst first. */
  hottest(): ContendedSite[] {
    return this.#sorted().slice(0, MOST_CONTENDED_SITES).map(dataOf);
  }

  /** Waits at places that are not among the hottest. */
  get restWaits(): number {
    const rest = this.#sorted().slice(MOST_CONTENDED_SITES);
    return rest.reduce((sum, { waits }) => sum + waits, this.#otherWaits);
  }

  #sorted(): Row[] {
    for (const wait of this.#pending.splice(0)) {
      this.#count(wait);
    }
    return [...this.#rows.values()].sort((one, other) => other.waitMs - one.waitMs || other.waits - one.waits);
  }

  #isKnown(site: AnySite): boolean {
    return !isRawSite(site) || this.#keys.has(site);
  }

  #count({ site, holder, waitMs, weight }: Pending): void {
    const row = this.#row(site);
    if (row === undefined) {
      this.#otherWaits += weight;
      return;
    }
    row.waits += weight;
    row.waitMs += waitMs * weight;
    if (holder !== null) {
      this.#countHolder(row, holder, weight);
    }
  }

  #row(at: AnySite): Row | undefined {
    const key = this.#keyOf(at);
    const known = this.#rows.get(key);
    if (known === undefined && this.#rows.size >= MOST_SITES) {
      this.#isFull = true;
      return undefined;
    }
    const row = known ?? { site: this.#resolved.get(key) ?? null, waits: 0, waitMs: 0, holders: new Map() };
    this.#rows.set(key, row);
    return row;
  }

  #countHolder({ holders }: Row, { owner: named, site: at }: WaitHolder, weight: number): void {
    const place = this.#keyOf(at);
    const owner = typeof named === 'function' ? named() : named;
    const key = `${place}\0${owner}`;
    const known = holders.get(key);
    if (known !== undefined) {
      known.waits += weight;
    } else if (holders.size < MOST_HOLDERS) {
      holders.set(key, { owner, site: this.#resolved.get(place) ?? null, waits: weight });
    } else {
      this.#isFull = true;
    }
  }

  #keyOf(at: AnySite): string {
    const known = isRawSite(at) ? this.#keys.get(at) : undefined;
    if (known !== undefined) {
      return known;
    }
    const site = isRawSite(at) ? at.resolve(this.#resolver) : at;
    const key = site === null ? '' : `${site.file}:${site.line}:${site.column}`;
    if (!this.#resolved.has(key) && this.#resolved.size < MOST_SITES + MOST_HOLDERS * MOST_SITES) {
      this.#resolved.set(key, site);
    }
    if (isRawSite(at)) {
      this.#keys.set(at, key);
    }
    return key;
  }

  /** Below 1. Always the same numbers, so that two runs draw the same sample. */
  #random(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#seed / 2 ** 32;
  }
}

function dataOf({ site, waits, waitMs, holders }: Row): ContendedSite {
  const waitedFor = [...holders.values()].sort((one, other) => other.waits - one.waits).slice(0, SHOWN_HOLDERS);
  return { site, waits, waitMs, waitedFor: waitedFor.map((one) => ({ ...one })) };
}
