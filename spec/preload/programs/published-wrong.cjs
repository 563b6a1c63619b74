// What is wrong is said once, and nothing else happens.
const { channel } = require('node:diagnostics_channel');

const asked = channel('lockdep:request');
asked.publish(undefined);
asked.publish({ lock: 'orders' });
asked.publish({ lock: {}, kind: '__proto__' });
asked.publish({ lock: {}, kind: 'mutex', capacity: 3 });
asked.publish({ lock: {}, name: 7 });
channel('lockdep:granted').publish({ lock: {} });
channel('lockdep:released').publish(Object.freeze({ lock: {} }));
const message = Object.freeze({ lock: {}, name: '__proto__' });
asked.publish(message);
channel('lockdep:granted').publish(message);
channel('lockdep:released').publish(message);
channel('lockdep:released').publish(message);
console.log('done');
