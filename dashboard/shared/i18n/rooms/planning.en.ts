/** English words of plans in the making. */
export const planning = { title: 'Plan' };
