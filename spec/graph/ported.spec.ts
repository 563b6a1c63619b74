import { EdgeKind, PortedOrder } from '../../lib/graph/ported.ts';

const { EN, ER, SN, SR } = EdgeKind;
const KINDS: readonly number[] = [EN, ER, SN, SR];
const CHAIN = 200_000;

function orderOf(nodes: number): PortedOrder {
  const order = new PortedOrder();
  for (let i = 0; i < nodes; i++) order.addNode();
  return order;
}

const leftOf = (kind: number): string => (kind === EN || kind === ER ? 'E' : 'S');
const rightOf = (kind: number): string => (kind === EN || kind === SN ? 'N' : 'R');

describe('the kinds of a step back', () => {
  // A → B is there under one kind; B → A under another closes a strong cycle unless R meets S at one of the nodes.
  const meets = (a: number, b: number): boolean => rightOf(a) === 'R' && leftOf(b) === 'S';

  for (const there of KINDS) {
    for (const back of KINDS) {
      const refused = !meets(there, back) && !meets(back, there);
      const name = `${leftOf(there)}${rightOf(there)} then ${leftOf(back)}${rightOf(back)}`;
      it(`${name}: ${refused ? 'cycle' : 'added'}`, () => {
        const order = orderOf(2);
        expect(order.insert(0, 1, there)).toBe('added');
        expect(order.insert(1, 0, back)).toBe(refused ? 'cycle' : 'added');
        expect(order.kinds(1, 0)).toBe(refused ? 0 : back);
      });
    }
  }
});

describe('insert', () => {
  it('takes each kind once and remembers which', () => {
    const order = orderOf(2);
    expect([order.kinds(0, 1), order.insert(0, 1, SN), order.insert(0, 1, SN)]).toEqual([0, 'added', 'known']);
    expect([order.insert(0, 1, ER), order.insert(0, 1, ER)]).toEqual(['added', 'known']);
    expect(order.kinds(0, 1)).toBe(SN | ER);
    expect([...order.edges()]).toEqual([{ from: 0, to: 1, kinds: SN | ER }]);
    expect(order.nodeCount).toBe(2);
  });

  it('takes a kind that is new though its port edge is not', () => {
    const order = orderOf(2);
    expect([order.insert(0, 1, EN), order.insert(0, 1, SN)]).toEqual(['added', 'added']);
    expect(order.kinds(0, 1)).toBe(EN | SN);
  });

  it('refuses one kind and keeps the others of the same edge', () => {
    const order = orderOf(2);
    order.insert(0, 1, SN);
    expect(order.insert(1, 0, SR)).toBe('added');
    expect(order.insert(1, 0, SN)).toBe('cycle');
    expect(order.kinds(1, 0)).toBe(SR);
    expect(order.insert(0, 1, EN)).toBe('cycle');
    expect(order.kinds(0, 1)).toBe(SN);
  });

  it('leaves nothing of an edge of two ports when only one of them closes a cycle', () => {
    const order = orderOf(3);
    order.insert(1, 0, SR);
    expect(order.insert(0, 1, SN)).toBe('added');
    expect(order.insert(0, 1, EN)).toBe('cycle');
    order.remove(0, 1);
    expect(order.insert(0, 1, EN)).toBe('cycle');
    expect(order.kinds(0, 1)).toBe(0);
    // Had the N port's half of EN stayed, this would close a cycle.
    expect(order.insert(1, 0, SN)).toBe('added');
  });

  it('finds a strong way to a node that was first reached by a way that leads nowhere', () => {
    const order = orderOf(4);
    order.insert(0, 1, ER);
    order.insert(0, 2, EN);
    order.insert(2, 1, EN);
    order.insert(1, 3, SN);
    // 0 -(ER)-> 1 -(SN)-> 3 is not strong, 0 -(EN)-> 2 -(EN)-> 1 -(SN)-> 3 is.
    expect(order.insert(3, 0, EN)).toBe('cycle');
    expect(order.cycleThrough(3, 0, EN)).toEqual([
      { from: 3, to: 0, kind: EN },
      { from: 0, to: 2, kind: EN },
      { from: 2, to: 1, kind: EN },
      { from: 1, to: 3, kind: SN },
    ]);
  });

  it('refuses what it does not know', () => {
    const order = orderOf(1);
    for (const kind of [0, 3, 16, -1]) expect(() => order.insert(0, 0, kind)).toThrow(RangeError);
    expect(() => order.insert(0, 1, EN)).toThrow(RangeError);
    expect(() => order.insert(1, 0, SN)).toThrow(RangeError);
    expect(() => order.cycleThrough(1, 1, EN)).toThrow(RangeError);
    expect(() => order.cycleThrough(0, 0, 5)).toThrow(RangeError);
    expect(() => order.reaches(0, 1)).toThrow(RangeError);
    expect(order.kinds(0, 1)).toBe(0);
    expect([...order.edges()]).toEqual([]);
  });

  it('never searches for edges that go forward or are known', () => {
    const order = orderOf(30);
    for (let from = 0; from < 30; from++) {
      for (let to = from + 1; to < 30; to++) {
        for (const kind of KINDS) {
          expect(order.insert(from, to, kind)).toBe('added');
          expect(order.insert(from, to, kind)).toBe('known');
        }
      }
    }
    expect(order.searches).toBe(0);
  });
});

describe('an edge from a node to itself', () => {
  it('is refused unless it is SR', () => {
    for (const kind of [EN, ER, SN]) {
      const order = orderOf(1);
      expect(order.cycleThrough(0, 0, kind)).toEqual([{ from: 0, to: 0, kind }]);
      expect(order.insert(0, 0, kind)).toBe('cycle');
      expect([...order.edges()]).toEqual([]);
    }
    const order = orderOf(1);
    expect(order.cycleThrough(0, 0, SR)).toBeUndefined();
    expect(order.insert(0, 0, SR)).toBe('added');
    expect(order.insert(0, 0, EN)).toBe('cycle');
    expect(order.kinds(0, 0)).toBe(SR);
    expect(order.reaches(0, 0)).toBe(true);
    order.remove(0, 0);
    expect(order.reaches(0, 0)).toBe(false);
  });
});

describe('remove', () => {
  it('makes the reverse edge legal', () => {
    const order = orderOf(2);
    order.insert(0, 1, EN);
    expect(order.insert(1, 0, EN)).toBe('cycle');
    order.remove(0, 1);
    order.remove(0, 1);
    expect([order.kinds(0, 1), ...order.edges()]).toEqual([0]);
    expect(order.insert(1, 0, EN)).toBe('added');
    expect(order.insert(0, 1, EN)).toBe('cycle');
  });

  it('takes away every port edge, also one that two kinds had in common, and no other', () => {
    const order = orderOf(3);
    for (const kind of KINDS) order.insert(0, 1, kind);
    order.insert(0, 2, SN);
    order.remove(0, 1);
    for (const kind of KINDS) expect(order.cycleThrough(1, 0, kind)).toBeUndefined();
    expect(order.reaches(0, 1)).toBe(false);
    expect(order.insert(2, 0, SN)).toBe('cycle');
    expect([...order.edges()]).toEqual([{ from: 0, to: 2, kinds: SN }]);
  });
});

describe('reaches', () => {
  it('follows strong paths only', () => {
    const order = orderOf(3);
    order.insert(0, 1, ER);
    order.insert(1, 2, SN);
    expect([order.reaches(0, 1), order.reaches(1, 2), order.reaches(0, 2), order.reaches(1, 0)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    order.insert(1, 2, EN);
    expect(order.reaches(0, 2)).toBe(true);
    expect(order.reaches(0, 0)).toBe(false);
  });
});

describe('large graphs', () => {
  it('a long chain overflows nothing', () => {
    const order = orderOf(CHAIN);
    for (let i = 1; i < CHAIN; i++) order.insert(i - 1, i, EN);
    expect(order.searches).toBe(0);
    expect(order.reaches(0, CHAIN - 1)).toBe(true);
    expect(order.insert(CHAIN - 1, 0, EN)).toBe('cycle');
    expect(order.cycleThrough(CHAIN - 1, 0, EN)).toHaveLength(CHAIN);
    const late = order.addNode();
    expect(order.insert(late, 0, SR)).toBe('added');
    expect(order.insert(CHAIN - 1, late, SN)).toBe('cycle');
  });
});
