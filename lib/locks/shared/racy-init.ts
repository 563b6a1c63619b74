/**
 * The initialisation that needs no lock: several threads may compute the value at the same time, one of their values wins, and all
 * of them see that one. For work that may be done twice. Nobody waits for anybody, so it is good where nothing may block, and a thread
 * that ends in it leaves nothing behind. A value that is there costs one atomic load.
 */
import { shown } from '../../shown.ts';
import { checkFunction } from '../wait-options.ts';
import { isShared } from './memory/memory.ts';

export type RacyView = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

const VIEWS: readonly string[] = ['Int8Array', 'Uint8Array', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'];

/**
 * The value of an element of shared memory, computed where it is not there yet.
 * @param init may be called in several threads. What it throws is thrown, and nothing is written
 * @param options.empty what stands there as long as there is no value. @default 0
 * @throws TypeError for memory that is not shared or has no whole numbers, and where `init` gives `empty`, or what does not fit
 * @throws RangeError if there is no such element
 */
export function racyInit(
  view: RacyView,
  index: number,
  init: () => number,
  { empty = 0 }: { readonly empty?: number } = {},
): number {
  checkPlace(view, index);
  checkFunction('init', init);
  if (!fits(view, empty)) {
    throw new TypeError(`empty: expected a value of the view, got ${shown(empty)}`);
  }
  const there = Atomics.load(view, index);
  if (there !== empty) {
    return there;
  }
  const value = init();
  if (!fits(view, value) || value === empty) {
    const unlike = value === empty ? `, and ${shown(empty)} means that there is none` : '';
    throw new TypeError(`init: expected a value of the view, got ${shown(value)}${unlike}`);
  }
  const first = Atomics.compareExchange(view, index, empty, value);
  return first === empty ? value : first;
}

function checkPlace(view: RacyView, index: number): void {
  if (!VIEWS.includes(Object.prototype.toString.call(view).slice('[object '.length, -1)) || !isShared(view.buffer)) {
    throw new TypeError(
      `view: expected a view of whole numbers, such as an Int32Array, over a SharedArrayBuffer, got ${shown(view)}`,
    );
  }
  if (!Number.isSafeInteger(index) || index < 0 || index >= view.length) {
    throw new RangeError(`index: expected a whole number from 0 to ${view.length - 1}, got ${shown(index)}`);
  }
}

/** True if an element of the view can be that number. */
function fits(view: RacyView, value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isInteger(value) || Object.is(value, -0)) {
    return false;
  }
  const bits = 8 * view.BYTES_PER_ELEMENT;
  const isSigned = Object.prototype.toString.call(view).startsWith('[object Int');
  const least = isSigned ? -(2 ** (bits - 1)) : 0;
  return value >= least && value < least + 2 ** bits;
}
