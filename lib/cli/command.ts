/**
 * The command line. Exit codes: 0 clean, 1 violations, 2 wrong usage, our own failure, or a run that could not be checked.
 */
import { Command, type CommanderError, Option } from 'commander';
import { REPORTERS } from '../report/index.ts';
import { explain } from './explain.ts';
import type { Io } from './io.ts';
import { KnownError } from './problem.ts';
import { type ReportOptions, report } from './report.ts';
import { type RunOptions, run } from './run.ts';

/** Runs one command line, without the name of the program; gives its exit code and never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code = 0;
  const program = build(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return fail(error, io);
  }
}

/** Asking for help or the version ends the parsing, too. */
class Done extends Error {}

function fail(error: unknown, io: Io): number {
  if (error instanceof Done) {
    return 0;
  }
  if (error instanceof KnownError) {
    io.err(`lockdep: ${error.message.replaceAll(/\s*\n\s*/g, ' ')}\n`);
  } else {
    const stack = error instanceof Error ? error.stack : String(error);
    io.err(`lockdep: a defect of lockdep itself, please report it:\n${stack}\n`);
  }
  return 2;
}

function build(io: Io, done: (code: number) => void): Command {
  const program = settle(new Command('lockdep'), io)
    .description('Finds the lock-order and lock-misuse defects that can deadlock a program, from one quiet run.')
    .version(io.version, '-v, --version')
    .enablePositionalOptions();
  settle(program.command('run'), io)
    .description('run a command with the checker in every Node process it starts, then report')
    .argument('<command...>', 'the command with its arguments')
    .passThroughOptions()
    .option('-d, --dir <folder>', 'where the snapshots go', '.lockdep')
    .addOption(formatOption())
    .option('-o, --output <file>', 'write the report to a file instead of standard error')
    .option('-k, --keep', 'keep the snapshots of earlier runs')
    .option('-s, --stats', 'also measure and tell how long locks are waited for and held')
    .action(async (command: string[], options: RunOptions) => done(await run(command, options, io)));
  settle(program.command('report'), io)
    .description('report on snapshots of earlier runs, all together')
    .argument('[paths...]', 'files and folders (default: .lockdep)')
    .addOption(formatOption())
    .option('-o, --output <file>', 'write the report to a file instead of standard output')
    .option('-s, --stats', 'also tell how long locks were waited for and held')
    .action((paths: string[], options: ReportOptions) => done(report(paths, options, io)));
  settle(program.command('explain'), io)
    .description('what a rule means, how to mend what it finds, and how to declare an exception')
    .argument('[rule]', 'name of the rule, as in a report (default: lists all rules)')
    .action((rule: string | undefined) => done(explain(rule, io)));
  return program;
}

function formatOption(): Option {
  return new Option('-f, --format <name>', 'how to write the report').choices([...REPORTERS.keys()]).default('text');
}

function settle(command: Command, io: Io): Command {
  return command.configureOutput({ writeOut: io.out, writeErr: () => undefined }).exitOverride((error) => {
    throw error.exitCode === 0 ? new Done() : new KnownError(usage(error, command));
  });
}

function usage(error: CommanderError, command: Command): string {
  const name = command.name() === 'lockdep' ? 'lockdep' : `lockdep ${command.name()}`;
  switch (error.code) {
    case 'commander.help':
      return 'say what to do, as in lockdep run npm test; see lockdep --help';
    case 'commander.missingArgument':
      return 'there is no command to run; write it behind run, as in lockdep run npm test';
    default:
      return `${error.message.replace(/^error: /, '').replace(/\.$/, '')}; see ${name} --help`;
  }
}
