// A library in the style of callbacks: whoever releases calls the one who waits, who must not seem to be the releaser.
const { channel } = require('node:diagnostics_channel');

const asked = channel('lockdep:request');
const granted = channel('lockdep:granted');
const released = channel('lockdep:released');

class Lock {
  #queue = [];
  #isHeld = false;

  constructor(name) {
    this.name = name;
  }

  lock(callback) {
    const message = { lock: this, name: this.name, callback: true, below: this.lock };
    asked.publish(message);
    this.#queue.push({ callback, message });
    if (!this.#isHeld) {
      this.#next();
    }
  }

  #next() {
    const next = this.#queue.shift();
    this.#isHeld = next !== undefined;
    if (next === undefined) {
      return;
    }
    const { callback, message } = next;
    granted.publish(message);
    const release = () => {
      released.publish(message);
      this.#next();
    };
    (message.run ?? ((call) => call()))(() => callback(release));
  }
}

const door = new Lock('door');
const room = new Lock('room');
const desk = new Lock('desk');

// Gives the door back while it holds the desk: the one who waits for the door is called from here.
door.lock((leaveDoor) => {
  setImmediate(() => {
    desk.lock((leaveDesk) => {
      leaveDoor();
      leaveDesk();
    });
  });
});
// Takes the room behind the door; neither has to do with the desk.
door.lock((leaveDoor) => {
  room.lock((leaveRoom) => {
    leaveRoom();
    leaveDoor();
    console.log('in the room');
  });
});
// Room before desk: a circle if the one behind the door had seemed to hold the desk.
setTimeout(() => {
  room.lock((leaveRoom) => {
    desk.lock((leaveDesk) => {
      leaveDesk();
      leaveRoom();
      console.log('at the desk');
    });
  });
}, 20);
