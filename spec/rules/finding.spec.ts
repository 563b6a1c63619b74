import { fingerprint } from '../../lib/model/fingerprint.ts';
import { finding, placeKey, resolve } from '../../lib/rules/finding.ts';
import { at, holding, lockOf, ownerOf, place, refOf, stateOf } from './scene.ts';

const FACTS = {
  rule: 'recursion',
  severity: 'error',
  confidence: 'certain',
  message: 'A fact.',
  owner: ownerOf('p'),
  held: [],
  sites: [],
  identity: ['a'],
} as const;

describe('a finding', () => {
  it('says who broke which rule, in which process, for the first time', () => {
    expect(finding(stateOf(), FACTS)).toEqual({
      rule: 'recursion',
      severity: 'error',
      confidence: 'certain',
      fingerprint: fingerprint('recursion', ['a']),
      count: 1,
      message: 'A fact.',
      owner: 'p',
      process: '42/1',
      sites: [],
      held: [],
    });
  });

  it('keeps the order of its sites and passes over those that were not captured', () => {
    const found = finding(stateOf(), { ...FACTS, sites: [place(2), null, place(1)] });
    expect(found.sites).toEqual([place(2), place(1)]);
  });

  it('says what the owner held, outermost first', () => {
    const state = stateOf();
    const held = [holding(FACTS.owner, lockOf(state, 'a'), { line: 1 }), holding(FACTS.owner, lockOf(state, 'b'))];
    expect(finding(state, { ...FACTS, held }).held).toEqual([
      { lock: refOf('a'), mode: 'exclusive', site: place(1) },
      { lock: refOf('b'), mode: 'exclusive', site: null },
    ]);
  });

  it('takes a fingerprint that is finished as it is', () => {
    expect(finding(stateOf(), { ...FACTS, identity: '0123456789ab' }).fingerprint).toBe('0123456789ab');
  });

  it('is plain data', () => {
    const found = finding(stateOf(), { ...FACTS, sites: [place(1)] });
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });
});

describe('the part of a fingerprint that names a place', () => {
  const site = { file: 'a.ts', line: 1, column: 2, function: 'f', text: 'take();' };

  it('is the file, the function and the text, whatever the line', () => {
    expect(placeKey({ ...site, line: 99, column: 98 })).toBe(placeKey(site));
    const others = [{ file: 'b.ts' }, { function: 'g' }, { text: 'give();' }].map((other) => ({ ...site, ...other }));
    expect(new Set([site, ...others].map(placeKey)).size).toBe(4);
  });

  it('is the line where the text is unknown', () => {
    const { text, ...bare } = site;
    expect(text).toBe('take();');
    expect(placeKey({ ...bare, line: 99 })).not.toBe(placeKey(bare));
  });

  it('is empty where no site was captured', () => {
    expect(placeKey(null)).toBe('');
  });
});

describe('resolve', () => {
  it('asks the resolver of the checker, and stays null without a site', () => {
    expect([resolve(stateOf(), at(3)), resolve(stateOf(), null)]).toEqual([place(3), null]);
  });
});
