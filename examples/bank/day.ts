import type { BankClient, Outcome } from './client.ts';
import type { Entry } from './ledger.ts';

const WAVES = 4;
const TRANSFERS_PER_WAVE = 40;

export interface DayResult {
  readonly outcomes: readonly Outcome[];
  readonly differences: number;
}

/** One day of business: waves of transfers, each wave all at once, and the audit when they are through. */
export async function businessDay(client: BankClient, ids: readonly string[]): Promise<DayResult> {
  const outcomes: Outcome[] = [];
  for (let wave = 0; wave < WAVES; wave++) {
    outcomes.push(...(await Promise.all(orders(ids, wave).map((order) => client.transfer(order)))));
  }
  const { differences } = await client.audit();
  return { outcomes, differences: differences.length };
}

/** Transfers between all pairs of accounts in both directions, and one wrong order that the bank must refuse. */
function orders(ids: readonly string[], wave: number): Entry[] {
  const list: Entry[] = [{ from: ids[0]!, to: ids[0]!, amount: 1 }];
  for (let number = 0; list.length < TRANSFERS_PER_WAVE; number++) {
    const from = number % ids.length;
    const to = (from + 1 + ((number + wave) % (ids.length - 1))) % ids.length;
    list.push({ from: ids[from]!, to: ids[to]!, amount: 10 + ((number * 37 + wave * 11) % 400) });
  }
  return list;
}
