import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Audit } from './audit-report.ts';
import { openBank } from './bank.ts';
import { BankClient } from './client.ts';
import { businessDay } from './day.ts';
import { startServer } from './server.ts';

const DAYS = 2;
const OPENING_BALANCES = { alice: 1_000, bob: 2_000, carol: 500, dave: 4_000, erin: 0, frank: 2_500 };

/** Opens the bank, does business over HTTP for two days, closes it, and prints what happened. */
export async function program(audit: Audit): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bank-'));
  const bank = await openBank(join(folder, 'journal.jsonl'), OPENING_BALANCES);
  const server = await startServer(bank, audit);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.stop());
  try {
    await doBusiness(new BankClient(server.url));
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

async function doBusiness(client: BankClient): Promise<void> {
  const ids = Object.keys(OPENING_BALANCES);
  const days = [];
  for (let day = 0; day < DAYS; day++) days.push(await businessDay(client, ids));

  const outcomes = days.flatMap((day) => day.outcomes);
  const done = outcomes.filter((outcome) => 'receipt' in outcome).length;
  const balances = await Promise.all(ids.map((id) => client.balance(id)));
  const isConserved = sum(balances) === sum(Object.values(OPENING_BALANCES));
  console.log(`${done} transfers done, ${outcomes.length - done} refused`);
  console.log(`${days.length} audits, ${sum(days.map((day) => day.differences))} differences`);
  console.log(`balances ${isConserved ? 'conserved' : 'NOT CONSERVED'}: ${balances.join(' + ')} cents`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
