export const release = (guard) => guard.release();
