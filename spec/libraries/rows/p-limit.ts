import type { LibraryRow } from '../row.ts';

const BOTH = ['current', 'previous'] as const;

export const rows: readonly LibraryRow[] = [
  {
    file: 'p-limit-clean.mjs',
    reason: 'No task waits for another one of its limiter while it has a slot.',
    rules: [],
    sets: BOTH,
    says: [/watched .*p-limit \d+\.\d+\.\d+/],
  },
  {
    file: 'p-limit-walk.mjs',
    reason: 'The walk of a folder that enters its own limiter: reported from the flat tree on, and the deep one hangs.',
    rules: ['pool-nesting'],
    allowed: ['stalled', 'held-at-exit'],
    sets: BOTH,
    says: [/pool-nesting {3}limit, 4 units/, /limit asked {3}\S*p-limit-walk\.mjs:16:36/],
  },
  {
    file: 'p-limit-list-and-read.mjs',
    reason: 'One limiter for folders and for the files in them: four folders work, with five all wait.',
    rules: ['pool-nesting'],
    allowed: ['stalled'],
    code: 13,
    sets: BOTH,
    says: [
      /pool-nesting {3}limit, 5 units/,
      /limit taken {3}\S*p-limit-list-and-read\.mjs:13:66/,
      /limit asked {3}\S*p-limit-list-and-read\.mjs:9:61/,
    ],
  },
];
