/**
 * How soon promises settle, in turns of the microtask queue: a law, since programs come to depend on it. What is checked takes as
 * many turns as what is not.
 */
import { FORMS, type Form } from './forms.ts';

/** How many turns something takes in this form of the locks. */
export type Measure = (form: Form) => Promise<number>;

export function timingSuite(rows: readonly (readonly [what: string, turns: number, measure: Measure])[]): void {
  describe('turns of the microtask queue', () => {
    it.each(rows)('%s: %i, whoever looks on', async (_, turns, measure) => {
      const measured: [string, number][] = [];
      for (const form of FORMS) {
        const leave = form.enter();
        measured.push([form.name, await measure(form)]);
        leave();
      }
      expect(measured).toEqual(FORMS.map(({ name }) => [name, turns]));
    });
  });
}
