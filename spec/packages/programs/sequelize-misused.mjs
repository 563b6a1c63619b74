// sequelize with PostgreSQL: a query of a transaction that forgets the transaction, and so asks the pool for one more connection.
import { DataTypes, Sequelize } from 'sequelize';
import { withDatabase } from './database.mjs';

await withDatabase(async (url) => {
  const sequelize = new Sequelize(url, { logging: false, pool: { max: 5 } });
  const Account = sequelize.define('account', { name: DataTypes.STRING });
  await sequelize.sync();

  async function open(name) {
    return sequelize.transaction(async (transaction) => {
      await Account.create({ name }, { transaction });
      return Account.count();
    });
  }

  console.log('before', await open('first'));
  await sequelize.close();
});
