import type { LibraryRow } from '../row.ts';

const BOTH = ['current', 'previous'] as const;

export const rows: readonly LibraryRow[] = [
  {
    file: 'p-queue-clean.mjs',
    reason:
      'No task waits for another one of its queue while it has a slot: what is queued and left, what is over for the queue, and queues without a limit do not count.',
    rules: [],
    sets: BOTH,
    says: [/watched .*p-queue \d+\.\d+\.\d+/],
  },
  {
    file: 'p-queue-nesting.mjs',
    reason: 'Seen at the first nesting, through addAll(), though nothing hangs.',
    rules: ['pool-nesting'],
    sets: BOTH,
    says: [
      /pool-nesting {3}queue, 2 units/,
      /queue taken {3}\S*p-queue-nesting\.mjs:17:25/,
      /queue asked {3}\S*p-queue-nesting\.mjs:13:30/,
      /2 owners that do this at once/,
    ],
  },
  {
    file: 'p-queue-recursion.mjs',
    reason: 'With one slot a task that waits for another one waits for itself. Found while the process still lives.',
    rules: ['recursion', 'deadlock'],
    allowed: ['stalled'],
    sets: BOTH,
    says: [
      /recursion {3}(?:Store\.)?queue, the very same lock/,
      /queue taken {3}\S*p-queue-recursion\.mjs:14:23/,
      /queue asked {3}\S*p-queue-recursion\.mjs:10:23/,
    ],
  },
  {
    file: 'p-queue-order.mjs',
    reason: 'Two queues in both orders; a queue and a mutex in both orders.',
    rules: ['order-cycle', 'order-cycle'],
    sets: BOTH,
    says: [
      /disk → network → disk/,
      /disk → index → disk/,
      /network taken {3}\S*p-queue-order\.mjs:10:18/,
      /disk asked {6}\S*p-queue-order\.mjs:11:16/,
    ],
  },
  {
    file: 'p-queue-latent.mjs',
    reason: 'A circle through two queues that needs two imports at once.',
    rules: ['order-cycle'],
    sets: BOTH,
    says: [/files → records → files|records → files → records/],
  },
  {
    file: 'p-queue-idle-inside.mjs',
    reason:
      'A task that waits until its own queue is idle waits for itself, however many slots there are. onEmpty() does not.',
    rules: ['recursion', 'pool-nesting'],
    allowed: ['stalled'],
    sets: BOTH,
    says: [/single, the very same lock/, /triple, 3 units/, /triple asked {3}\S*p-queue-idle-inside\.mjs:15:16/],
  },
  {
    file: 'p-queue-subclass.mjs',
    reason: 'A class of the program that extends the queue, with a queueClass of its own.',
    rules: ['pool-nesting'],
    sets: BOTH,
    says: [/pool-nesting {3}jobs, 2 units/, /jobs taken {3}\S*p-queue-subclass\.mjs:/],
  },
  {
    file: 'p-queue-unhandled.mjs',
    reason:
      'A rejection that nobody handles is one, whether the end of the task is read from its promise or not; one that is handled is none.',
    rules: [],
    sets: BOTH,
  },
];
