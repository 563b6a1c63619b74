import { InstanceOrders } from '../../lib/state/instances.ts';
import { lockOf, locksOf, stateOf } from '../rules/scene.ts';

const LIMIT = 100;

describe('the order of instances', () => {
  const state = stateOf();
  const [a, b, c, d] = locksOf(state, ['account', 'account', 'account', 'account']);
  const stranger = lockOf(state, 'other');

  it('knows nothing at first', () => {
    const orders = new InstanceOrders(LIMIT);
    expect([orders.isReversed(a, b), orders.isReversed(b, a), orders.isReversed(a, a)]).toEqual([false, false, false]);
  });

  it('is reversed by a nesting the other way round', () => {
    const orders = new InstanceOrders(LIMIT);
    orders.record(a, b);
    expect([orders.isReversed(a, b), orders.isReversed(b, a)]).toEqual([false, true]);
  });

  it('is reversed by way of others', () => {
    const orders = new InstanceOrders(LIMIT);
    orders.record(a, b);
    orders.record(b, c);
    orders.record(c, d);
    expect([orders.isReversed(d, a), orders.isReversed(c, a), orders.isReversed(a, d)]).toEqual([true, true, false]);
  });

  it('stays as it was when a nesting reverses it', () => {
    const orders = new InstanceOrders(LIMIT);
    orders.record(a, b);
    orders.record(b, a);
    expect([orders.isReversed(a, b), orders.isReversed(b, a)]).toEqual([false, true]);
  });

  it('is one for each class', () => {
    const orders = new InstanceOrders(LIMIT);
    orders.record(a, b);
    orders.record(stranger, lockOf(state, 'other'));
    expect([orders.isReversed(stranger, a), orders.isReversed(b, a)]).toEqual([false, true]);
  });

  it('begins anew, and says so, when a class has too many instances', () => {
    const orders = new InstanceOrders(2);
    orders.record(a, b);
    expect(orders.forgotten).toBe(0);
    orders.record(c, d);
    expect([orders.forgotten, orders.isReversed(b, a), orders.isReversed(d, c)]).toEqual([1, false, true]);
  });

  it('forgets nothing as long as no instance is new', () => {
    const orders = new InstanceOrders(2);
    orders.record(a, b);
    orders.record(a, b);
    expect([orders.forgotten, orders.isReversed(b, a)]).toEqual([0, true]);
  });
});
