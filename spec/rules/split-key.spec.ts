import { fingerprint } from '../../lib/model/fingerprint.ts';
import { type SplitKey, splitKey } from '../../lib/rules/split-key.ts';
import { at, holding, lockOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const state = stateOf();
const [first, second] = [lockOf(state, 'account'), lockOf(state, 'account')];
const orders = lockOf(state, 'orders');
const [p, q] = [ownerOf('p', 1), ownerOf('q', 2)];

function eventOf(more: Partial<SplitKey> = {}): SplitKey {
  const other = holding(p, first, { line: 3 });
  return { owner: q, lock: second, key: '42', other, site: at(7), held: [], ...more };
}

describe('split-key', () => {
  it('reports a second lock for a key, and where each of the two was asked for', () => {
    expect(splitKey(state, eventOf({ held: [holding(q, orders, { line: 5 })] }))).toEqual([
      {
        rule: 'split-key',
        severity: 'error',
        confidence: 'certain',
        fingerprint: fingerprint('split-key', ['account', '/app/main.ts#work#7:1', '/app/main.ts#work#3:1']),
        count: 1,
        message: "q asks for a second lock of account for the key '42' while p holds the first one.",
        owner: 'q',
        process: '42/1',
        sites: [place(7), place(3)],
        held: [{ lock: refOf('orders'), mode: 'exclusive', site: place(5) }],
        lock: refOf('account'),
        lockKey: '42',
        asked: place(7),
        other: { owner: 'p', site: place(3), act: 'holds' },
      },
    ]);
  });

  it('says so where the first one is only waited for', () => {
    expect(splitKey(state, eventOf({ isWaiting: true }))[0]).toMatchObject({
      message: "q asks for a second lock of account for the key '42' while p waits for the first one.",
      other: { owner: 'p', act: 'waits' },
    });
  });

  it('calls an owner that has both by its name once', () => {
    expect(splitKey(state, eventOf({ owner: p }))[0]?.message).toBe(
      "p asks for a second lock of account for the key '42' while it holds the first one.",
    );
  });

  it('is one defect for each two places, whoever it is and whichever key it is', () => {
    const named = (more: Partial<SplitKey> = {}): string | undefined => splitKey(state, eventOf(more))[0]?.fingerprint;
    expect(new Set([named(), named({ owner: p }), named({ key: '43' }), named({ isWaiting: true })]).size).toBe(1);
    const elsewhere = holding(p, first, { line: 4 });
    expect(new Set([named(), named({ site: at(8) }), named({ other: elsewhere })]).size).toBe(3);
  });

  it('cuts a key of any length, and keeps every character whole', () => {
    const key = `begin${'😀'.repeat(500_000)}end`;
    const [found] = splitKey(state, eventOf({ key }));
    expect(found?.message.length).toBeLessThan(200);
    expect(found?.message).toMatch(/'begin(?:😀)+…(?:😀)+end'/u);
    expect([...(found?.lockKey ?? '')]).toHaveLength(300);
    expect(found?.lockKey).not.toMatch(/\p{Cs}/u);
  });

  it('keeps a key as it is, whatever it holds', () => {
    expect(splitKey(state, eventOf({ key: '\x1b[2J\n' }))[0]?.lockKey).toBe('\x1b[2J\n');
    expect(splitKey(state, eventOf({ key: '' }))[0]).toMatchObject({ lockKey: '' });
  });

  it('can do without places', () => {
    const [found] = splitKey(state, eventOf({ other: holding(p, first), site: null }));
    expect(found).toMatchObject({ sites: [], asked: null, other: { owner: 'p', site: null } });
  });
});
