/** When a numeric may still be shown as current. Ages are reckoned by the server's clock from the record's own time. */
import type { ReadingCode } from '@junkai/contracts';

/** `fresh`: shown. `aging`: shown dimmed with its age. `none`: gives way to "no data for n". */
export type Freshness = 'fresh' | 'aging' | 'none';

export interface AgeLimit {
	/** From this age on the value is dimmed, ms. */
	dim: number;
	/** From this age on it is not shown any more, ms. */
	gone: number;
}

const continuous: AgeLimit = { dim: 5_000, gone: 15_000 };
/** A cuff measures once; its value belongs to a moment, which is shown beside it. */
const spot: AgeLimit = { dim: 15 * 60_000, gone: 60 * 60_000 };

/** Own choice of this desk, not a standard: bedside monitors update these at least each second or two. */
export const ageLimits: Readonly<Record<ReadingCode, AgeLimit>> = {
	'heart-rate': continuous,
	'pulse-rate': continuous,
	spo2: continuous,
	'respiratory-rate': { dim: 8_000, gone: 20_000 },
	'body-temperature': { dim: 30_000, gone: 120_000 },
	'nibp-systolic': spot,
	'nibp-diastolic': spot,
	'nibp-mean': spot,
	'cuff-pressure': { dim: 3_000, gone: 6_000 },
	'st-level': { dim: 15_000, gone: 60_000 },
};

/** @param age ms; negative (clocks apart) counts as fresh. */
export function freshness(code: ReadingCode, age: number): Freshness {
	const { dim, gone } = ageLimits[code];
	return age >= gone ? 'none' : age >= dim ? 'aging' : 'fresh';
}
