// The peer store of libp2p (mortice): many peers, each read and written by many at once, over a store that takes its time.
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { defaultLogger } from '@libp2p/logger';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { persistentPeerStore } from '@libp2p/peer-store';
import { multiaddr } from '@multiformats/multiaddr';
import { MemoryDatastore } from 'datastore-core';
import { TypedEventEmitter } from 'main-event';

const PEERS = 20;
const range = (count) => Array.from({ length: count }, (_, at) => at);

/** As one on a disk or behind a network: every answer comes later. */
class SlowDatastore extends MemoryDatastore {
  async put(...args) {
    await new Promise(setImmediate);
    return super.put(...args);
  }
  async get(...args) {
    await new Promise(setImmediate);
    return super.get(...args);
  }
  async delete(...args) {
    await new Promise(setImmediate);
    return super.delete(...args);
  }
}

const idOf = async (n) => peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(n)));
const peers = await Promise.all(range(PEERS).map((n) => idOf(n + 1)));
const events = new TypedEventEmitter();
const updates = new Map();
events.addEventListener('peer:update', ({ detail: { peer } }) => {
  const id = peer.id.toString();
  updates.set(id, (updates.get(id) ?? 0) + 1);
});
const store = persistentPeerStore({
  peerId: await idOf(200),
  datastore: new SlowDatastore(),
  events,
  logger: defaultLogger(),
});
const address = (peer, port) => multiaddr(`/ip4/10.0.0.${peer + 1}/tcp/${4000 + port}`);
const failure = (error) => error.name;

/** Everything that is done with one peer, at once. */
async function work(n) {
  const id = peers[n];
  const missing = await store.get(id).catch(failure);
  await Promise.all([
    ...range(6).map((port) => store.merge(id, { multiaddrs: [address(n, port)], protocols: [`/p/${port}`] })),
    ...range(4).map(() => store.has(id)),
  ]);
  await Promise.all(
    range(8).flatMap((round) => [
      store.patch(id, { metadata: { round: new TextEncoder().encode(`${round}`) } }),
      store.get(id),
      store.merge(id, { tags: { [`tag-${round}`]: { value: round } } }),
      store.getInfo(id),
    ]),
  );
  const refused = await store.merge(id, { tags: { wrong: { value: 1000 } } }).catch(failure);
  const waits = [store.patch(id, { multiaddrs: [address(n, 1), address(n, 2)] }), store.get(id), store.patch(id, {})];
  const impatient = new AbortController();
  waits.push(store.get(id, { signal: impatient.signal }), store.patch(id, {}, { signal: impatient.signal }));
  impatient.abort();
  const ended = await Promise.allSettled(waits);
  const peer = await store.get(id);
  const all = await store.all();
  if (n % 4 === 0) await Promise.all([store.delete(id), store.has(peers[(n + 1) % PEERS])]);
  return [
    missing,
    refused,
    ended.map(({ status, reason }) => (status === 'fulfilled' ? 'done' : reason.name)).join(' '),
    peer.addresses.length,
    peer.protocols.length,
    [...peer.tags.keys()].length,
    all.length > 0,
  ].join(', ');
}

const results = await Promise.all(range(PEERS).map(work));
for (const [said, count] of results.reduce((map, said) => map.set(said, (map.get(said) ?? 0) + 1), new Map())) {
  console.log(`${count} × ${said}`);
}
// All peers together, and what one of them does to the others: nothing.
const left = await Promise.all(peers.map((id) => store.has(id)));
console.log(`left ${left.filter(Boolean).length}, in all ${(await store.all()).length}`);
console.log(`told of ${[...updates.values()].reduce((sum, count) => sum + count, 0)} updates of ${updates.size} peers`);
const names = await store.all({ filters: [({ protocols }) => protocols.includes('/p/1')] });
console.log(`with the protocol ${names.length}`);
