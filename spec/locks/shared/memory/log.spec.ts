import { Head, LOG_BYTES, SPACE_BYTES } from '../../../../lib/locks/shared/memory/layout.ts';
import { RecordKind, SharedLog } from '../../../../lib/locks/shared/memory/log.ts';
import { Threads } from '../../../../lib/locks/shared/memory/threads.ts';

function space(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(SPACE_BYTES));
}

/** Two threads of one space, as far as their words say. */
function two(words = space()): readonly [SharedLog, SharedLog] {
  return [new SharedLog(words, new Threads(words)), new SharedLog(words, new Threads(words))];
}

test('records come back in one order for all, with who wrote them', () => {
  const [one, other] = two();
  one.append(RecordKind.GRAPH, 'a');
  other.append(RecordKind.GRAPH, '');
  one.append(RecordKind.TEXT, 'ünïcödé 🔒');
  const seen: unknown[] = [];
  const end = other.read(0, one.end, ({ kind, writer, text }) => seen.push([kind, writer, text]));
  expect(end).toBe(one.end);
  expect(seen).toEqual([
    [RecordKind.GRAPH, 1, 'a'],
    [RecordKind.GRAPH, 2, ''],
    [RecordKind.TEXT, 1, 'ünïcödé 🔒'],
  ]);
  expect(one.read(end, one.end, () => seen.push('more'))).toBe(end);
  expect(seen).toHaveLength(3);
});

test('a record in the middle is found by the position that it was given', () => {
  const [one, other] = two();
  one.append(RecordKind.GRAPH, 'first');
  const position = one.append(RecordKind.GRAPH, 'second');
  const seen: string[] = [];
  other.read(position, one.end, ({ text }) => seen.push(text));
  expect(seen).toEqual(['second']);
});

test.each(['plain', '', '__proto__', '\ud800 alone', 'line\nfeed "quoted"', 'x'.repeat(10_000), '🔒'])(
  'a string is known by one number in all threads: %p',
  (text) => {
    const [one, other] = two();
    const id = one.id(text);
    expect(id).toBeGreaterThan(0);
    expect(one.id(text)).toBe(id);
    expect(other.text(id)).toBe(text);
    expect(one.text(id)).toBe(text);
  },
);

test('no string has the number 0, and a number that was never given stands for none', () => {
  const [one] = two();
  expect(one.id(null)).toBe(0);
  expect(one.text(0)).toBeNull();
  expect(one.text(-7)).toBeNull();
  expect(one.text(1 << 30)).toBeNull();
});

test('a log that is full says so, keeps what it has, and breaks nothing', () => {
  const [one, other] = two();
  const id = one.id('before');
  const block = 'x'.repeat(1 << 20);
  let refused = 0;
  for (let at = 0; at <= LOG_BYTES / block.length; at++) {
    refused += Number(one.append(RecordKind.GRAPH, block) === -1);
  }
  expect(refused).toBeGreaterThan(0);
  expect(other.isFull).toBe(true);
  expect(other.text(id)).toBe('before');
  expect(one.id('y'.repeat(1 << 20))).toBe(0);
});

test('a thread that died while it wrote leaves nothing behind, and nobody waiting', () => {
  const words = space();
  const [one] = two(words);
  one.append(RecordKind.GRAPH, 'whole');
  // Slot 2 stands in the guard, has written half a record, and is known to be dead.
  words[Head.LOG_GUARD] = 2;
  const threads = new Threads(words, 1);
  words[(one.end >> 2) + 1] = 77;
  threads.end(2);
  words[threads.row + 128] = 2;
  one.append(RecordKind.GRAPH, 'after');
  const seen: string[] = [];
  one.read(0, one.end, ({ text }) => seen.push(text));
  expect(seen).toEqual(['whole', 'after']);
});
