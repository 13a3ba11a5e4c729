/** English words of taking in spreadsheets, and finding places. */
export const intake = { title: 'Import' };
