// A request of a name inside of the callback of the same name: it is not re-entrant. The program ends without a word.
async function write(value) {
  await navigator.locks.request('db', async () => console.log('written', value));
}

async function replace() {
  await navigator.locks.request('db', async () => {
    await write(1);
  });
}

void replace();
