/**
 * The blocks of locks that an interrupt handler can wait for while the code that it interrupted holds them, itself or by way
 * of others.
 */
import type { IrqInconsistentViolation, IrqPathViolation } from '../../model/violation.ts';
import { evidence, type Piece } from '../part/evidence.ts';
import { formAs, type NameOf, place } from '../part/names.ts';
import { type Block, heldLines, type Page, tryLines } from '../part/page.ts';
import { type Play, play, takingTurns, waitingTurns } from '../part/scenario.ts';
import { castNames, conditions, lastUnitOf, stepActors, stepPieces } from '../part/steps.ts';
import { handlerAndHolder, type Usage, usagePlace } from '../part/usage.ts';
import type { Place } from '../report.ts';

/** Everything below the headline and the sentence: one lock, and one owner that is enough to lock up. */
export function irqInconsistentBlock(violation: IrqInconsistentViolation, page: Page): Block {
  const { used, enabled } = handlerAndHolder(violation);
  const { lock, confidence } = violation;
  return [
    evidence([handlerPiece(used, page.nameOf), holderPiece(enabled, page.nameOf)], page.style),
    [
      ...play(ownPlay(violation, page.nameOf), page.style),
      ...conditions([{ lock, owner: enabled.mark.owner }], confidence, page.nameOf),
    ],
    [...heldLines(violation, page), ...tryLines(inconsistentRemedy(violation, page.nameOf), page)],
  ];
}

function handlerPiece(usage: Usage, nameOf: NameOf): Piece {
  return pieceOf(usage, { word: 'handler', nameOf });
}

function holderPiece(usage: Usage, nameOf: NameOf): Piece {
  return pieceOf(usage, { word: 'interrupted', nameOf });
}

function pieceOf(usage: Usage, { word, nameOf }: { readonly word: string; readonly nameOf: NameOf }): Piece {
  const { owner, process } = usage.mark;
  const where = usagePlace(usage, nameOf);
  const shown: Place = usage.isNew ? { ...where, mark: 'now' } : where;
  return { word, subject: nameOf(usage.lock), owner, process, history: [], places: [shown] };
}

function ownPlay({ lock, context, used, enabled }: IrqInconsistentViolation, nameOf: NameOf): Play {
  const name = nameOf(lock);
  const { owner } = enabled;
  const texts = [
    `takes ${lastUnitOf(lock)}${name}${formAs(enabled.form)}`,
    `is interrupted by ${context}`,
    `runs the handler, which waits for ${name}${formAs(used.form)}: ${owner} itself holds it`,
  ];
  return { names: [owner], turns: texts.map((text) => ({ actor: 0, text })), end: 'it cannot go on' };
}

function inconsistentRemedy({ lock, context, used, enabled }: IrqInconsistentViolation, nameOf: NameOf): string {
  const name = nameOf(lock);
  return (
    `take ${name} with ${context} disabled, and keep it disabled until ${name} is released${at(enabled.site)}; ` +
    `or do not take ${name} in the handler${at(used.site)}: hand that work to a task.`
  );
}

/** Everything below the headline and the sentence: the path from what the handler waits for to what was interrupted. */
export function irqPathBlock(violation: IrqPathViolation, page: Page): Block {
  const { used, enabled } = handlerAndHolder(violation);
  const { path, confidence } = violation;
  const { nameOf, style } = page;
  const holdings = path.map(({ from, witness }) => ({ lock: from, owner: witness.owner }));
  return [
    evidence(
      [handlerPiece(used, nameOf), ...stepPieces(path, nameOf, 'joins the two'), holderPiece(enabled, nameOf)],
      style,
    ),
    [
      ...play(pathPlay(violation, nameOf), style),
      ...conditions([{ lock: violation.unsafe, owner: enabled.mark.owner }, ...holdings], confidence, nameOf),
    ],
    [...heldLines(violation, page), ...tryLines(pathRemedy(violation, nameOf), page)],
  ];
}

/** The interrupted owner comes first and last; between, each step of the path is an owner that takes one lock and waits. */
function pathPlay({ safe, unsafe, context, used, enabled, path }: IrqPathViolation, nameOf: NameOf): Play {
  const others = stepActors(path, nameOf);
  const handler = `runs the handler, which waits for ${nameOf(safe)}${formAs(used.form)}`;
  return {
    names: castNames([enabled.owner, ...others.map(({ name }) => name)]),
    turns: [
      { actor: 0, text: `takes ${lastUnitOf(unsafe)}${nameOf(unsafe)}${formAs(enabled.form)}` },
      ...takingTurns(others, 1),
      ...waitingTurns(others, 1),
      { actor: 0, text: `is interrupted by ${context}` },
      { actor: 0, text: handler },
    ],
  };
}

function pathRemedy({ safe, unsafe, context, used, enabled, path }: IrqPathViolation, nameOf: NameOf): string {
  const step = path.find((edge) => edge.attempted) ?? path[0];
  const open = `keep ${context} disabled while ${nameOf(unsafe)} is held${at(enabled.site)}`;
  const handler = `do not take ${nameOf(safe)} in the handler${at(used.site)}`;
  if (step === undefined) {
    return `${open}; or ${handler}.`;
  }
  const { from, to, witness } = step;
  return `${open}; or release ${nameOf(from)} before asking for ${nameOf(to)}${at(witness.asked)}; or ${handler}.`;
}

function at(site: Place['site']): string {
  return site === null ? '' : ` (${place(site)})`;
}
