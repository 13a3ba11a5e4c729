import type { DriverCounters } from '../driver.ts';

/** Counters at nought, to be counted up by the parts of one driver. */
export function newCounters(): DriverCounters {
	return { bytes: 0, frames: 0, discardedBytes: 0, badChecksums: 0 };
}
