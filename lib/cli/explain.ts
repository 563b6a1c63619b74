/**
 * `lockdep explain [rule]`: the page of a rule, or all rules with their facts. The pages are docs/rules/*.md of this
 * package: one text for the terminal, the repository and whoever reads the package.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { RULE_IDS, type RuleId } from '../model/rule.ts';
import { pad, wrap } from '../report/part/columns.ts';
import type { Io } from './io.ts';
import { inWords, KnownError } from './problem.ts';

/**
 * Prints the page, or without a name the list.
 * @throws KnownError if there is no such rule, or if its page cannot be read
 */
export function explain(name: string | undefined, io: Io): number {
  if (name === undefined) {
    io.out(overview(RULE_IDS.map((rule) => ({ rule, fact: factOf(page(rule)) }))));
    return 0;
  }
  const rule = RULE_IDS.find((one) => one === name);
  if (rule === undefined) {
    throw new KnownError(`unknown rule '${name}'${suggestion(name)}; see lockdep explain`);
  }
  io.out(page(rule));
  return 0;
}

function page(rule: RuleId): string {
  try {
    return readFileSync(path.join(packageRoot(__dirname), 'docs', 'rules', `${rule}.md`), 'utf8');
  } catch (error) {
    throw new KnownError(`cannot read the page of ${rule}: ${inWords(error)}; install lockdep anew`);
  }
}

/** The nearest folder upward that has a package.json: the sources and the built files lie at different depths. */
function packageRoot(folder: string): string {
  const parent = path.dirname(folder);
  return existsSync(path.join(folder, 'package.json')) || parent === folder ? folder : packageRoot(parent);
}

/** The first paragraph of a page, on one line. */
function factOf(text: string): string {
  const [, fact = ''] = text.split('\n\n');
  return fact.replaceAll('\n', ' ');
}

function overview(facts: readonly { readonly rule: string; readonly fact: string }[]): string {
  const width = Math.max(...facts.map(({ rule }) => rule.length));
  const lines = facts.flatMap(({ rule, fact }) => wrap(fact, { indent: `${pad(rule, width)}  ` }));
  return `${lines.join('\n')}\n\nMore on one of them: lockdep explain <rule>\n`;
}

const MOST_SUGGESTIONS = 6;

/** In the words that commander has for a command that it does not know. */
function suggestion(name: string): string {
  const [first, ...others] = near(name).slice(0, MOST_SUGGESTIONS);
  if (first === undefined) {
    return '';
  }
  return ` (Did you mean ${others.length === 0 ? first : `one of ${[first, ...others].join(', ')}`}?)`;
}

/** The nearest first, by their pairs of letters, so that a part of a name, or its words turned round, is near. */
function near(name: string): string[] {
  const wanted = pairsIn(name);
  return RULE_IDS.map((rule) => ({ rule, pairs: pairsIn(rule) }))
    .map(({ rule, pairs }) => ({ rule, size: pairs.size, common: [...pairs].filter((one) => wanted.has(one)).length }))
    .filter(({ size, common }) => common > 0 && common / Math.min(size, wanted.size) >= 0.7)
    .sort((one, other) => other.common / (other.size + wanted.size) - one.common / (one.size + wanted.size))
    .map(({ rule }) => rule);
}

function pairsIn(text: string): Set<string> {
  const letters = text.toLowerCase();
  return new Set([...letters.slice(1)].map((letter, at) => `${letters[at]}${letter}`));
}
