/** English words of the day under way. */
export const day = { title: 'Today' };
