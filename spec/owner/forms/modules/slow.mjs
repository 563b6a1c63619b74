await new Promise((done) => setTimeout(done, 2));
export const ready = true;
