// sequelize with PostgreSQL (sequelize-pool, pg): a small bank. Many transactions over few connections, with conflicts, errors and
// requests that give up, and one that the pool cannot serve in time.
import { DataTypes, Sequelize, Transaction } from 'sequelize';
import { withDatabase } from './database.mjs';

const ACCOUNTS = 12;
const range = (count) => Array.from({ length: count }, (_, at) => at);
const failure = (error) => error.name;
const count = (names) => {
  const counts = names.reduce((map, name) => map.set(name, (map.get(name) ?? 0) + 1), new Map());
  return [...counts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, times]) => `${times} × ${name}`)
    .join(', ');
};

await withDatabase(async (url) => {
  const sequelize = new Sequelize(url, { logging: false, pool: { max: 5, min: 1, acquire: 20_000, idle: 1000 } });
  const Account = sequelize.define('account', {
    name: { type: DataTypes.STRING, unique: true, allowNull: false },
    balance: { type: DataTypes.INTEGER, allowNull: false, validate: { min: 0 } },
  });
  const Entry = sequelize.define('entry', { amount: DataTypes.INTEGER });
  Account.hasMany(Entry);
  Entry.belongsTo(Account);
  await sequelize.sync();
  await Promise.all(range(ACCOUNTS).map((n) => Account.create({ name: `account ${n}`, balance: 100 })));

  /** The rows of both accounts, in the order of their ids, then the entries: a transaction that its caller does not see. */
  async function transfer(from, to, amount) {
    return sequelize.transaction(async (transaction) => {
      const options = { transaction, lock: Transaction.LOCK.UPDATE };
      const accounts = new Map();
      for (const n of [from, to].sort((one, other) => one - other)) {
        accounts.set(n, await Account.findOne({ where: { name: `account ${n}` }, ...options }));
      }
      await accounts.get(from).update({ balance: accounts.get(from).balance - amount }, { transaction });
      await accounts.get(to).update({ balance: accounts.get(to).balance + amount }, { transaction });
      await Promise.all([
        accounts.get(from).createEntry({ amount: -amount }, { transaction }),
        accounts.get(to).createEntry({ amount }, { transaction }),
      ]);
      return 'done';
    });
  }

  /** A transaction that its caller begins and ends. */
  async function audit(isKept) {
    const transaction = await sequelize.transaction({ isolationLevel: Transaction.ISOLATION_LEVELS.REPEATABLE_READ });
    try {
      const total = await Account.sum('balance', { transaction });
      await Account.findAll({ include: Entry, transaction });
      await sequelize.transaction({ transaction }, async (inner) => Account.count({ transaction: inner }));
      if (!isKept) throw new Error('not kept');
      await transaction.commit();
      return `total ${total}`;
    } catch (error) {
      await transaction.rollback();
      return error.message;
    }
  }

  const transfers = await Promise.all([
    ...range(60).map((n) =>
      transfer(n % ACCOUNTS, (n * 5 + 1) % ACCOUNTS === n % ACCOUNTS ? (n + 1) % ACCOUNTS : (n * 5 + 1) % ACCOUNTS, 1),
    ),
    ...range(20).map((n) => transfer(n % ACCOUNTS, (n + 1) % ACCOUNTS, 10_000).catch(failure)),
  ]);
  console.log('transfers', count(transfers));
  console.log('audits', count(await Promise.all(range(20).map((n) => audit(n % 3 !== 0)))));
  const reads = range(60).map(
    async (n) => (await Account.findOne({ where: { name: `account ${n % ACCOUNTS}` } })).name,
  );
  const made = range(15).map((n) => Account.create({ name: `account ${n}`, balance: 0 }).then(() => 'made', failure));
  console.log('read', new Set(await Promise.all(reads)).size, 'accounts');
  console.log('accounts', count(await Promise.all(made)));
  console.log(
    'broken',
    count(await Promise.all(range(10).map(() => sequelize.query('SELECT nothing').catch(failure)))),
  );
  console.log('accounts', await Account.count(), 'entries', await Entry.count(), 'total', await Account.sum('balance'));
  await sequelize.close();
  console.log('closed', await Account.count().catch((error) => error.message));

  // A pool of one that keeps somebody waiting for too long.
  const small = new Sequelize(url, { logging: false, pool: { max: 1, acquire: 100 } });
  await small.authenticate();
  const slow = small.query('SELECT pg_sleep(0.5)').then(() => 'slept');
  const late = await Promise.all(range(3).map(() => small.query('SELECT 1').catch(failure)));
  console.log('small', await slow, count(late));
  await small.close();
});
