/** English words of requests, patients, people and vans. */
export const registry = { title: 'Records' };
