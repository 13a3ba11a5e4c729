/** What SQLite's result codes mean for a spool. */
export const SQLITE_CORRUPT = 11;
const SQLITE_IOERR = 10;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

function primaryCode(error: unknown): number | undefined {
	if (!(error instanceof Error)) return undefined;
	if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
	const cause = error.cause;
	if (typeof cause === 'object' && cause !== null && 'errcode' in cause && typeof cause.errcode === 'number')
		return cause.errcode & 0xff;
	return undefined;
}

/** The file is damaged (and not merely out of reach). */
export const isCorrupt = (error: unknown): boolean => [SQLITE_CORRUPT, SQLITE_NOTADB].includes(primaryCode(error) ?? -1);
/** There is no room: the disk is full (SQLite reports that as FULL, or as a failed write), or the file is at its bound. */
export const isFull = (error: unknown): boolean => [SQLITE_FULL, SQLITE_IOERR].includes(primaryCode(error) ?? -1);
