/**
 * Tries the orders in which the atomic operations of some threads can follow each other, with deaths and given-up waits between any two
 * of them. No real thread: the code under test runs in this one, and is stopped in front of each operation. To go on it is run
 * anew, and gets the results that it had before; so it must not keep anything outside of shared memory.
 * Code must not read shared memory but by `Atomics`, and its loops must have an operation in them.
 */

/** What a virtual thread can do beside atomic operations. Each is one step. */
export interface Actor {
  /** From 1. */
  readonly slot: number;
  /** Passes time: goes on when memory has changed. @throws GaveUp where it is to give up here */
  spin(): void;
  /** Any step on shared memory that is one in reality too. */
  step<Result extends number | boolean>(work: () => Result): Result;
}

export class GaveUp extends Error {}

export interface World {
  /** All memory that the threads share. */
  readonly memory: readonly Int32Array[];
  readonly programs: readonly ((actor: Actor) => void)[];
  /** One word for each slot, not 0 once its thread has ended. One of `memory`. */
  readonly dead: Int32Array;
  /** How many threads may be ended. @default 0 */
  readonly kills?: number;
  /** How many waits may be given up. @default 0 */
  readonly giveUps?: number;
  /** Told of each compare-and-swap that succeeded. */
  onChange?(slot: number, words: Int32Array, index: number): void;
  /** Told when a wait is given up, before its thread knows. */
  onGiveUp?(slot: number): void;
  /** Looks at the end of each run. @throws if it is wrong */
  atEnd?(): void;
}

export interface Exploration {
  readonly states: number;
  readonly ends: number;
}

class Suspended extends Error {}

interface Track {
  readonly log: readonly (number | boolean)[];
  /** `w` for each entry that changed memory, `s` for a spin, else `r`. */
  readonly marks: string;
  readonly status: 'runs' | 'over' | 'dead';
  /** Memory at its last spin. */
  readonly spun: string;
  /** What it spins on: it stands in a spin, and a whole turn of its loop has found this memory. `null` where it can go on. */
  readonly seen: string | null;
}

interface Node {
  readonly image: Int32Array;
  readonly tracks: readonly Track[];
  readonly kills: number;
  readonly giveUps: number;
  /** How often one may still be stopped that could go on. */
  readonly stops: number;
  /** Who went last. */
  readonly last: number;
}

type Move = { readonly at: number; readonly act: 'go' | 'kill' | 'give up' };

const OPERATIONS = ['load', 'store', 'add', 'sub', 'and', 'or', 'exchange', 'compareExchange'] as const;

export class Interleavings {
  readonly #world: World;
  readonly #plain = Object.fromEntries(OPERATIONS.map((name) => [name, Atomics[name]])) as Record<
    string,
    (...args: unknown[]) => number
  >;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * Every order in which threads that could go on are stopped at most so often: few defects need more than two or three (M. Musuvathi,
   * S. Qadeer, "Iterative Context Bounding", 2007).
   * @throws where a thread fails, or none can go on
   */
  all(stops: number, mostStates = 400_000): Exploration {
    const seen = new Set<string>();
    const stack: Node[] = [{ ...this.#start(), stops }];
    let ends = 0;
    while (stack.length > 0) {
      const node = stack.pop() as Node;
      const key = keyOf(node);
      if (seen.has(key)) {
        continue;
      }
      seen.add(key);
      if (seen.size > mostStates) {
        throw new Error(`more than ${mostStates} states`);
      }
      const moves = this.#moves(node);
      ends += Number(this.#isEnd(node, moves));
      for (const move of moves) {
        stack.push(this.#after(node, move));
      }
    }
    return { states: seen.size, ends };
  }

  /** Orders drawn by lot. @param random from 0 to 1 */
  some(count: number, random: () => number): Exploration {
    let states = 0;
    for (let run = 0; run < count; run++) {
      let node = this.#start();
      for (let moves = this.#moves(node); moves.length > 0; moves = this.#moves(node)) {
        const rare = moves.filter(({ act }) => act !== 'go');
        const usual = moves.filter(({ act }) => act === 'go');
        if (this.#isEnd(node, moves)) {
          break;
        }
        const from = rare.length > 0 && (usual.length === 0 || random() < 0.05) ? rare : usual;
        node = this.#after(node, from[Math.floor(random() * from.length)] as Move);
        states++;
      }
      this.#isEnd(node, []);
    }
    return { states, ends: count };
  }

  #start(): Node {
    const { memory, programs, kills = 0, giveUps = 0 } = this.#world;
    this.#first ??= join(memory);
    const tracks = programs.map((): Track => ({ log: [], marks: '', status: 'runs', spun: '', seen: null }));
    return { image: this.#first, tracks, kills, giveUps, stops: Number.POSITIVE_INFINITY, last: -1 };
  }

  #first: Int32Array | undefined;

  #moves(node: Node): Move[] {
    const { tracks, image, kills, giveUps, stops, last } = node;
    const moves: Move[] = [];
    const now = textOf(image);
    const goesOn = this.#goesOn(node);
    tracks.forEach(({ status, seen, marks }, at) => {
      if (status !== 'runs') {
        return;
      }
      if (seen !== now && (at === last || !goesOn || stops > 0)) {
        moves.push({ at, act: 'go' });
      }
      if (giveUps > 0 && marks.endsWith('s')) {
        moves.push({ at, act: 'give up' });
      }
      if (kills > 0) {
        moves.push({ at, act: 'kill' });
      }
    });
    return moves;
  }

  #isEnd(node: Node, moves: readonly Move[]): boolean {
    const isStill = !moves.some(({ act }) => act === 'go');
    if (!isStill) {
      return false;
    }
    const waiting = node.tracks.flatMap(({ status }, at) => (status === 'runs' ? [at + 1] : []));
    if (waiting.length > 0) {
      throw new Error(`hang of ${waiting}: ${describe(node)}`);
    }
    spread(node.image, this.#world.memory);
    this.#world.atEnd?.();
    return true;
  }

  #after(node: Node, { at, act }: Move): Node {
    const { memory, dead } = this.#world;
    spread(node.image, memory);
    const track = node.tracks[at] as Track;
    const put = (next: Track): readonly Track[] => node.tracks.map((one, index) => (index === at ? next : one));
    if (act === 'kill') {
      dead[at + 1] = 1;
      return { ...node, image: join(memory), tracks: put({ ...track, status: 'dead' }), kills: node.kills - 1 };
    }
    const goesOn = at !== node.last && this.#goesOn(node);
    if (act === 'give up') {
      this.#world.onGiveUp?.(at + 1);
    }
    const log = act === 'give up' ? [...track.log.slice(0, -1), true] : track.log;
    const next = this.#run(at, { ...track, log }, node);
    return {
      image: join(memory),
      tracks: put(next),
      kills: node.kills,
      giveUps: node.giveUps - Number(act === 'give up'),
      stops: node.stops - Number(goesOn && act === 'go'),
      last: at,
    };
  }

  /** True if whoever went last could go on: who spins is not stopped by another one. */
  #goesOn({ tracks, image, last }: Node): boolean {
    const track = tracks[last];
    return track?.status === 'runs' && track.seen !== textOf(image) && !track.marks.endsWith('s');
  }

  /** Runs a program up to the second new operation. */
  #run(at: number, { log, marks, spun: spunBefore }: Track, node: Node): Track {
    const { memory } = this.#world;
    const results = [...log];
    let written = marks;
    let done = 0;
    let isNew = false;
    let spun = spunBefore;
    let seen: string | null = null;
    const operate = (work: () => number | boolean, isSpin = false): number | boolean => {
      if (done < results.length) {
        return results[done++] as number | boolean;
      }
      if (isNew) {
        throw new Suspended();
      }
      isNew = true;
      const before = textOf(join(memory));
      const result = work();
      const after = textOf(join(memory));
      results.push(result);
      done++;
      written += isSpin ? 's' : before === after ? 'r' : 'w';
      if (isSpin) {
        seen = after === spun && TURN.test(written) ? after : null;
        spun = after;
      }
      return result;
    };
    const actor: Actor = {
      slot: at + 1,
      spin() {
        if (operate(() => false, true) === true) {
          throw new GaveUp();
        }
      },
      step: (work) => operate(work) as never,
    };
    this.#patch(at + 1, operate);
    let status: Track['status'] = 'runs';
    try {
      this.#world.programs[at]?.(actor);
      status = 'over';
    } catch (error) {
      if (!(error instanceof Suspended)) {
        throw new Error(`thread ${at + 1}: ${(error as Error).message}: ${describe(node)}`, { cause: error });
      }
    } finally {
      this.#restore();
    }
    return status === 'over'
      ? { log: [], marks: '', status, spun, seen: null }
      : { ...shortened(results, written), status, spun, seen };
  }

  #patch(slot: number, operate: (work: () => number) => number | boolean): void {
    const { memory, onChange } = this.#world;
    for (const name of OPERATIONS) {
      const plain = this.#plain[name] as (...args: unknown[]) => number;
      Atomics[name] = ((...args: unknown[]) =>
        operate(() => {
          const [words, index, expected] = args as [Int32Array, number, number];
          if (!memory.includes(words) || index >= words.length) {
            throw new Error(`${name} outside of the memory of the world, at ${index}`);
          }
          const result = plain.apply(Atomics, args);
          if (name === 'compareExchange' && result === expected) {
            onChange?.(slot, words, index);
          }
          return result;
        })) as never;
    }
  }

  #restore(): void {
    Object.assign(Atomics, this.#plain);
  }
}

/** From one spin to the next, without a change. */
const TURN = /sr*s$/;

/** A turn of a loop that changed nothing leaves no trace. */
function shortened(log: readonly (number | boolean)[], marks: string): Pick<Track, 'log' | 'marks'> {
  const turn = TURN.exec(marks);
  return turn === null || log[turn.index] === true
    ? { log, marks }
    : { log: log.slice(0, turn.index + 1), marks: marks.slice(0, turn.index + 1) };
}

function join(memory: readonly Int32Array[]): Int32Array {
  const image = new Int32Array(memory.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const words of memory) {
    image.set(words, at);
    at += words.length;
  }
  return image;
}

function spread(image: Int32Array, memory: readonly Int32Array[]): void {
  let at = 0;
  for (const words of memory) {
    words.set(image.subarray(at, at + words.length));
    at += words.length;
  }
}

function textOf(image: Int32Array): string {
  let text = '';
  for (let at = 0; at < image.length; at++) {
    if (image[at] !== 0) {
      text += `${at}:${image[at]} `;
    }
  }
  return text;
}

function keyOf({ image, tracks, kills, giveUps, stops, last }: Node): string {
  const shown = tracks.map(({ log, status, seen, spun, marks }) => {
    const now = textOf(image);
    return `${status}${seen === now ? '!' : ''}${marks.includes('s') && spun === now ? '.' : ''}${log.map(Number)}`;
  });
  return `${textOf(image)}|${shown.join('|')}|${kills}|${giveUps}|${stops}|${last}`;
}

function describe({ image, tracks }: Node): string {
  const cells = [...image].flatMap((value, at) => (value === 0 ? [] : [`${at}: ${value.toString(16)}`]));
  return `${cells.join(', ')}; ${tracks.map(({ status, log }) => `${status} after ${log.length}`).join('; ')}`;
}
