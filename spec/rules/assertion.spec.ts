import { describeAssertion } from '../../lib/rules/assertion.ts';
import { at, lockOf, ownerOf, stateOf } from './scene.ts';

const p = ownerOf('p');
const FACT = { rule: 'assert-held', fact: 'does not hold a' } as const;

describe('a failed assertion', () => {
  it('is one defect for each place that asserts', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    const fingerprints = [5, 5, 6].map((line) => {
      const [found] = describeAssertion(state, { owner: p, lock, held: [], holder: undefined, site: at(line) }, FACT);
      return found?.fingerprint;
    });
    expect(fingerprints[0]).toBe(fingerprints[1]);
    expect(fingerprints[0]).not.toBe(fingerprints[2]);
  });

  it('is one defect whoever asserts', () => {
    const state = stateOf();
    const lock = lockOf(state, 'a');
    const fingerprints = [p, ownerOf('q', 2)].map((owner) => {
      const [found] = describeAssertion(state, { owner, lock, held: [], holder: undefined, site: at(5) }, FACT);
      return found?.fingerprint;
    });
    expect(new Set(fingerprints).size).toBe(1);
  });
});
