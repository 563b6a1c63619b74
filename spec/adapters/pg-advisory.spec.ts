// What the text of a query says of advisory locks.
import { advisoryCalls, keyOf } from '../../lib/adapters/pg-advisory-sql.ts';

const called = (text: string, values: readonly unknown[] = []): string[] =>
  advisoryCalls(text).map(({ action, args, isTry, isShared, ofTransaction }) => {
    const how = [isTry && 'try', isShared && 'shared', ofTransaction && 'transaction'].filter((one) => one !== false);
    return [action, ...how, keyOf(args, values)?.text ?? '?'].join(' ');
  });

describe('the calls in a query', () => {
  it.each([
    ['select pg_advisory_lock(1)', ['lock 1']],
    ['SELECT  PG_Advisory_Lock ( -7 ) ;', ['lock -7']],
    ['select pg_catalog.pg_advisory_lock_shared(1, 2)', ['lock shared 1, 2']],
    ['select pg_try_advisory_lock(9) as ok', ['lock try 9']],
    ['select pg_try_advisory_xact_lock_shared(9)', ['lock try shared transaction 9']],
    ['select pg_advisory_unlock(9), pg_advisory_unlock_shared(8)', ['unlock 9', 'unlock shared 8']],
    ['select pg_advisory_unlock_all()', ['unlock-all ?']],
    ["select pg_advisory_lock(hashtext('it''s'))", ["lock it's"]],
    ["select pg_advisory_lock(hashtextextended('orders', 0))", ['lock hashtextextended(orders,0)']],
    ["begin; select pg_advisory_xact_lock('12'::bigint)", ['lock transaction 12']],
    ['with got as (select pg_try_advisory_lock(4) as ok) select ok from got', ['lock try 4']],
    ['select pg_advisory_lock(id) from account', ['lock ?']],
    ['select pg_advisory_lock((select 1))', ['lock ?']],
  ])('%s', (text, calls) => {
    expect(called(text)).toEqual(calls);
  });

  it.each([
    "select 'pg_advisory_lock(1)'",
    'select 1 -- pg_advisory_lock(1)',
    'select /* pg_advisory_lock(1) */ 1',
    'do $$ begin perform pg_advisory_lock(1); end $$',
    'do $body$ select pg_advisory_lock(1) $body$',
    'select "pg_advisory_lock(1)"',
    'prepare lock as select pg_advisory_lock($1)',
    'explain select pg_advisory_lock(1)',
    'select pg_advisory_lock',
    'select my_pg_advisory_lock(1)',
    "select E'\\'pg_advisory_lock(1)'",
  ])('none in: %s', (text) => {
    expect(called(text)).toEqual([]);
  });

  it('tells which statement they stand in, and the column that has the value', () => {
    const calls = advisoryCalls(
      ';begin; select 1 as a, pg_try_advisory_lock(1)::bool as Got; select pg_advisory_lock(2); select pg_try_advisory_lock(3) = true;',
    );
    expect(calls.map(({ statement, column }) => [statement, column])).toEqual([
      [1, 'got'],
      [2, 'pg_advisory_lock'],
      [3, null],
    ]);
  });
});

describe('keys', () => {
  const key = (text: string, values: readonly unknown[]): unknown => keyOf(advisoryCalls(text)[0]?.args ?? [], values);

  it('are what parameters stand for', () => {
    expect(key('select pg_advisory_lock($2::bigint)', [1, 22n])).toEqual({ id: '22', text: '22', isLiteral: false });
    expect(key('select pg_advisory_lock(hashtext($1))', ['account:7'])).toMatchObject({
      text: 'account:7',
      isLiteral: false,
    });
  });

  it('have one identity, whether they stand in the text or are handed over', () => {
    const literal = key("select pg_advisory_lock(hashtext('a'))", []);
    const given = key('select pg_advisory_lock(hashtext($1))', ['a']);
    expect(literal).toEqual({ ...(given as object), isLiteral: true });
  });

  it.each([[[]], [[null]], [[{}]], [[Symbol('key')]]])('are not known of %p', (values) => {
    expect(key('select pg_advisory_lock($1)', values)).toBeNull();
  });

  it('of a number and of a text are two', () => {
    expect(key('select pg_advisory_lock(42)', [])).not.toEqual(key("select pg_advisory_lock(hashtext('42'))", []));
  });
});
