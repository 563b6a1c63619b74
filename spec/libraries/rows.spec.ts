// Real programs with the real libraries: exactly what is there is found, and nothing changes for the program.
import { libraryPrograms, runRow } from '../support/library-rows.ts';

describe.each(libraryPrograms({ servers: false }))('$title', ({ runs }) => {
  it.each(runs)('on Node $version', async (one) => {
    await runRow(one);
  });
});
