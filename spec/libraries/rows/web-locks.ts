import type { LibraryRow } from '../row.ts';

/** Web Locks of Node 24. */
export const rows: readonly LibraryRow[] = [
  {
    file: 'web-locks-clean.mjs',
    reason: 'Names are nested one way round; the other way round there is a try, which never waits.',
    rules: [],
    node: 24,
    says: [/watched +Web Locks 24/],
  },
  {
    file: 'web-locks-nested.mjs',
    reason: 'A name is asked for inside of its own callback.',
    rules: ['recursion'],
    allowed: ['deadlock', 'stalled'],
    node: 24,
    says: [
      /navigator\.locks\[db\], the very same lock/,
      /taken +programs\/web-locks-nested\.mjs:7:\d+/,
      /asked +programs\/web-locks-nested\.mjs:3:\d+/,
    ],
  },
  {
    file: 'web-locks-timeout.mjs',
    reason: 'The same, but the inner wait is aborted.',
    rules: ['recursion'],
    node: 24,
    says: [/taken +programs\/web-locks-timeout\.mjs:4:\d+/, /asked +programs\/web-locks-timeout\.mjs:6:\d+/],
  },
  {
    file: 'web-locks-order.mjs',
    reason: 'Two names are nested in both orders; a reader keeps a writer out, and a writer a reader.',
    rules: ['order-cycle'],
    node: 24,
    says: [
      /navigator\.locks\[stock\] → navigator\.locks\[cart\] → navigator\.locks\[stock\]/,
      /programs\/web-locks-order\.mjs:6:\d+/,
      /programs\/web-locks-order\.mjs:12:\d+/,
    ],
  },
  {
    file: 'web-locks-readers.mjs',
    reason: 'Two shared requests of one flow with an exclusive one of another flow between them wait for each other.',
    rules: ['recursion'],
    allowed: ['deadlock', 'stalled'],
    node: 24,
    says: [/programs\/web-locks-readers\.mjs:6:\d+/, /programs\/web-locks-readers\.mjs:8:\d+/],
  },
  {
    file: 'web-locks-reread.mjs',
    reason: 'A writer that asks between the two shared requests would make the flow wait for itself.',
    rules: ['recursion'],
    node: 24,
    says: [/programs\/web-locks-reread\.mjs:5:\d+/, /programs\/web-locks-reread\.mjs:6:\d+/],
  },
  {
    file: 'web-locks-upgrade.mjs',
    reason: 'A shared holder asks for the exclusive lock: it waits for itself.',
    rules: ['recursion'],
    allowed: ['deadlock', 'stalled'],
    node: 24,
    says: [/a reader that asks to be the writer/, /programs\/web-locks-upgrade\.mjs:5:\d+/],
  },
  {
    file: 'web-locks-crossed.mjs',
    reason: 'Each of two flows waits for what the other one holds.',
    rules: ['deadlock'],
    allowed: ['order-cycle', 'stalled'],
    node: 24,
    says: [/navigator\.locks\[user:\*\]/, /programs\/web-locks-crossed\.mjs:7:\d+/],
  },
];
