// Runs the bank under the checker, first with the bug and then without, and says what CI would have made of each.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const COMMAND = join(ROOT, 'dist/cjs/cli/main.js');

/** Runs a program as `lockdep run -- node …`, with its output shown, and returns the exit code of the command. */
function lockdepRun(program: string): number | null {
  const dir = mkdtempSync(join(tmpdir(), 'lockdep-demo-'));
  const node = [process.execPath, '--require', require.resolve('ts-node/register'), join(ROOT, program)];
  console.log(`\n$ lockdep run -- node --require ts-node/register ${program}\n`);
  try {
    const options = { cwd: ROOT, stdio: 'inherit' } as const;
    return spawnSync(process.execPath, [COMMAND, 'run', '--dir', dir, '--', ...node], options).status;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function main(): number {
  if (!existsSync(COMMAND)) {
    console.error(`${COMMAND} is missing: run \`npm run build\` first.`);
    return 1;
  }
  const runs = [
    { program: 'examples/bank/main.ts', expected: 1, seen: lockdepRun('examples/bank/main.ts') },
    { program: 'examples/bank-fixed/main.ts', expected: 0, seen: lockdepRun('examples/bank-fixed/main.ts') },
  ];
  console.log('\nNeither program hung. What CI would have seen:');
  for (const { program, expected, seen } of runs) {
    const verdict = seen === 0 ? 'the job passes' : 'the job fails';
    const surprise = seen === expected ? '' : `, but ${expected} was expected`;
    console.log(`  ${program}: exit code ${seen}, ${verdict}${surprise}`);
  }
  return runs.every(({ expected, seen }) => seen === expected) ? 0 : 1;
}

process.exitCode = main();
