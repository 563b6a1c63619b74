import path from 'node:path';
import { itPrintsWhatIsShown } from '../support/snippets.ts';

const PAGE = path.resolve(__dirname, '../../docs/owners.md');

describe('the page on owners', () => {
  itPrintsWhatIsShown(PAGE);
});
