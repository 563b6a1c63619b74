/**
 * Texts that are compared byte for byte with spec/golden/report. `UPDATE_GOLDEN=1 npx jest spec/report` writes them anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(__dirname, '../../golden/report');

export function expectGolden(name: string, text: string): void {
  const file = path.join(FOLDER, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(file, text);
  }
  expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : `(there is no golden text ${name})`);
}
