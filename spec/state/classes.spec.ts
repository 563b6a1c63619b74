import { LOCK_KINDS, type LockKind } from '../../lib/model/kind.ts';
import { ClassTable } from '../../lib/state/class-table.ts';
import type { ClassIdentity, LockClass } from '../../lib/state/classes.ts';

const kindOf = (name: string): LockKind => LOCK_KINDS.get(name) as LockKind;

function add(table: ClassTable, key: string, kind = 'mutex', capacity = 1): LockClass {
  return table.add(key, { kind: kindOf(kind), capacity, identity: { key, name: key } });
}

const HOSTILE = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', ' ', '0', '\u0000', '锁 🔒', '\ud800'];

describe('the table of classes', () => {
  it('numbers classes from 0 in the order in which they come', () => {
    const table = new ClassTable();
    expect(['x', 'y', 'z'].map((key) => add(table, key).id)).toEqual([0, 1, 2]);
    expect(table.all.map((one) => one.ref.name)).toEqual(['x', 'y', 'z']);
  });

  it('finds a class by its key, and no other', () => {
    const table = new ClassTable();
    const x = add(table, 'x');
    expect(table.find('x')).toBe(x);
    expect(table.find('y')).toBeUndefined();
  });

  it('takes every string as a key', () => {
    const table = new ClassTable();
    expect(HOSTILE.map((key) => table.find(key))).toEqual(HOSTILE.map(() => undefined));
    const added = HOSTILE.map((key) => add(table, key));
    expect(HOSTILE.map((key) => table.find(key))).toEqual(added);
    expect(added.map((one) => one.ref.key)).toEqual(HOSTILE);
  });

  it('counts instances of a class, and of all', () => {
    const table = new ClassTable();
    const [x, y] = [add(table, 'x'), add(table, 'y')];
    const made = [table.instantiate(x, 1), table.instantiate(x, 1), table.instantiate(y, 1)];
    expect([x.instances, y.instances, table.instanceCount]).toEqual([2, 1, 3]);
    expect(new Set(made.map((one) => one.id)).size).toBe(3);
    expect(made.map((one) => one.name)).toEqual(['x', 'x', 'y']);
  });

  it('gives a class the capacity of its largest instance', () => {
    const table = new ClassTable();
    const pool = add(table, 'pool', 'semaphore', 2);
    const capacities = [2, 5, 3].map((capacity) => table.instantiate(pool, capacity).capacity);
    expect(capacities).toEqual([2, 5, 3]);
    expect(pool.ref.capacity).toBe(5);
  });
});

describe('a class as data', () => {
  it('says key, name, kind and capacity, and a site only where there is one', () => {
    const table = new ClassTable();
    const site = { file: 'a.ts', line: 1, column: 2 };
    const plain = add(table, 'plain', 'rwlock');
    const placed = table.add('k', { kind: kindOf('mutex'), capacity: 1, identity: { key: 'k', name: 'n', site } });
    expect(plain.ref).toStrictEqual({ key: 'plain', name: 'plain', kind: 'rwlock', capacity: 1 });
    expect(placed.ref).toStrictEqual({ key: 'k', name: 'n', kind: 'mutex', capacity: 1, site });
  });

  it('asks for an identity that is found late when it is read, and once', () => {
    let asked = 0;
    const identity = (): ClassIdentity => {
      asked++;
      return { key: 'late', name: 'found late' };
    };
    const late = new ClassTable().add('source', { kind: kindOf('mutex'), capacity: 1, identity });
    expect(asked).toBe(0);
    expect([late.ref.key, late.ref.name, asked]).toEqual(['late', 'found late', 1]);
  });
});
