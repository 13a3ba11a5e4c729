/** English words of coverage, isolation and fairness. */
export const coverage = { title: 'Coverage' };
