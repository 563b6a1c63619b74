import { json } from '../../lib/report/json.ts';
import { merge } from '../../lib/report/merge.ts';
import { lock, snapshot } from './support/build.ts';
import { expectGolden } from './support/golden.ts';
import { bankCycle } from './support/violations.ts';

describe('the JSON report', () => {
  const report = merge([snapshot({ classes: [lock('orders'), lock('ledger')], violations: [bankCycle()] })]);

  test('is as in its golden text', () => {
    expectGolden('report.json', json(report));
  });

  test('holds the whole report and names its schema', () => {
    expect(JSON.parse(json(report))).toEqual({ schema: 'lockdep-report/1', ...report });
  });

  test('keeps names as they are', () => {
    const name = '__proto__\n\x1b[2J';
    const parsed = JSON.parse(json(merge([snapshot({ classes: [lock(name)] })])));
    expect(parsed.classes[0].name).toBe(name);
  });
});
