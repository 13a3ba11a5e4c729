/** English words of sheets for printing. */
export const paper = { title: 'Paper' };
