// Real programs with the real libraries and real servers: exactly what is there is found, and nothing changes for the program.
import { libraryPrograms, runRow } from '../support/library-rows.ts';

describe.each(libraryPrograms({ servers: true }))('$title', ({ runs }) => {
  it.each(runs)('on Node $version', async (one) => {
    await runRow(one);
  });
});
