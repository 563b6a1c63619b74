/**
 * The shapes of places, owners and classes, which all parts of a snapshot name.
 */
import { nullable, number, optional, record, type Shape, text } from './shape.ts';

export const site: Shape = record({
  file: text,
  line: number,
  column: number,
  function: optional(text),
  text: optional(text),
});
export const place: Shape = nullable(site);
export const owner: { readonly owner: Shape; readonly site: Shape } = { owner: text, site: place };
export const holder: Shape = nullable(record(owner));

/** A resource without a bound has the capacity Infinity. */
const capacity: Shape = (value, path) => (value === Number.POSITIVE_INFINITY ? undefined : number(value, path));
export const classFields: Readonly<Record<string, Shape>> = {
  key: text,
  name: text,
  kind: text,
  capacity,
  site: optional(site),
};
export const lock: Shape = record(classFields);
