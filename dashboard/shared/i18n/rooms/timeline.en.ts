/** English words of the timeline. */
export const timeline = { title: 'Timeline' };
