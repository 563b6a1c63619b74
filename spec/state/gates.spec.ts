import { commonGates, type Gates, gatesOf, isGated } from '../../lib/state/gates.ts';
import { holding, lockOf, locksOf, ownerOf, stateOf } from '../rules/scene.ts';

const p = ownerOf('p');
const state = stateOf();
const [a, b, g, h] = locksOf(state, ['a', 'b', 'g', 'h']);
const r = lockOf(state, 'r', 'rwlock');

/** Gates that are held exclusively, by an owner that shares no acquire. */
const under = (...gates: (typeof a)[]): Gates =>
  new Map(gates.map((lock) => [lock, { exclusive: true, acquire: null }]));

describe('the gates of a dependency', () => {
  it('are all other locks that are held, below and above the holder', () => {
    const holder = holding(p, a);
    const held = [holding(p, g), holder, holding(p, h, { try: true })];
    expect(gatesOf(held, holder)).toEqual(under(g, h));
    expect(gatesOf([holder], holder)).toEqual(new Map());
  });

  it('say whether they are held exclusively', () => {
    const holder = holding(p, a);
    const gates = gatesOf([holding(p, r, { mode: 'shared' }), holder], holder);
    expect(gates).toEqual(new Map([[r, { exclusive: false, acquire: null }]]));
  });

  it('are no resources of several units', () => {
    const holder = holding(p, a);
    const pools = [1, 2].map((capacity) => lockOf(state, `pool of ${capacity}`, 'semaphore', capacity));
    const held = [...pools.map((pool) => holding(p, pool)), holder];
    expect([...gatesOf(held, holder).keys()]).toEqual(pools.slice(0, 1));
  });
});

describe('the gates of two witnesses', () => {
  it('are those that both were under', () => {
    expect(commonGates(under(a, g), under(g, h))).toEqual(under(g));
    expect(commonGates(under(g), under())).toEqual(new Map());
  });

  it('are exclusive if both held them so', () => {
    const reader: Gates = new Map([[g, { exclusive: false, acquire: null }]]);
    expect(commonGates(under(g), reader)).toEqual(reader);
    expect(commonGates(reader, under(g))).toEqual(reader);
  });

  it('are under one acquire if both were', () => {
    const [one, other] = [{}, {}];
    const by = (acquire: object): Gates => new Map([[g, { exclusive: true, acquire }]]);
    expect(commonGates(by(one), by(one)).get(g)?.acquire).toBe(one);
    expect(commonGates(by(one), by(other)).get(g)?.acquire).toBeNull();
  });
});

describe('a cycle', () => {
  it('is gated if two of its steps were always gone under one lock', () => {
    expect(isGated([under(g), under(b, g)])).toBe(true);
    expect(isGated([under(g), under(), under(g)])).toBe(true);
  });

  it('is not gated if one step was gone without', () => {
    expect(isGated([under(g), under()])).toBe(false);
    expect(isGated([under(g), under(h)])).toBe(false);
  });

  it('is not gated by readers alone, and is by one writer', () => {
    const reader: Gates = new Map([[g, { exclusive: false, acquire: null }]]);
    expect([isGated([reader, reader]), isGated([reader, under(g)])]).toEqual([false, true]);
  });

  it('is not gated by an acquire that both steps share', () => {
    const [one, other] = [{}, {}];
    const by = (acquire: object): Gates => new Map([[g, { exclusive: true, acquire }]]);
    expect([isGated([by(one), by(one)]), isGated([by(one), by(other)])]).toEqual([false, true]);
  });
});
