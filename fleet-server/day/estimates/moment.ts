/**
 * A moment that is not known for certain: mean and variance, ms. Sums are exact; the later of two is by Clark's formulas (C. E. Clark,
 * "The greatest of a finite set of random variables", 1961), which keep mean and variance of the maximum of two normal variables.
 */
export interface Moment {
	/** ms since 1970. */
	readonly mean: number;
	/** ms², of all that is independent of the rest of the day. */
	readonly variance: number;
	/** Drive that it rests on, ms: of this a share, the same for all of them, makes it earlier or later. */
	readonly drive: number;
}

export const sure = (at: number): Moment => ({ mean: at, variance: 0, drive: 0 });

/** `together` is the standard deviation of the share by which all drives are slower. */
export const deviation = ({ variance, drive }: Moment, together: number): number => Math.sqrt(variance + (together * drive) ** 2);

/** Later by something that takes `length`, give or take `spread` (a standard deviation). */
export const plus = ({ mean, variance, drive }: Moment, length: number, spread: number): Moment => ({
	mean: mean + length,
	variance: variance + spread * spread,
	drive,
});

/** Later by a drive. */
export const afterDrive = ({ mean, variance, drive }: Moment, length: number, alone: number): Moment => ({
	mean: mean + length,
	variance: variance + (alone * length) ** 2,
	drive: drive + length,
});

/** The moment itself, but not before a time. */
export const notBefore = (moment: Moment, time: number, together: number): Moment => laterOf(moment, sure(time), together);

/** The later of two moments that have nothing to do with one another. */
export function laterOf(a: Moment, b: Moment, together: number): Moment {
	const [va, vb] = [a.variance + (together * a.drive) ** 2, b.variance + (together * b.drive) ** 2];
	const spread = Math.sqrt(va + vb);
	if (spread < 1) return a.mean >= b.mean ? a : b;
	const alpha = (a.mean - b.mean) / spread;
	// Beyond this the other one makes no difference that could be shown.
	if (alpha > 6) return a;
	if (alpha < -6) return b;
	const [first, second, height] = [cumulative(alpha), cumulative(-alpha), density(alpha)];
	const mean = a.mean * first + b.mean * second + spread * height;
	// About the mean of b, so that squares of epoch times do not swallow the digits that matter.
	const [ma, mb, m] = [a.mean - b.mean, 0, mean - b.mean];
	const square = (ma * ma + va) * first + (mb * mb + vb) * second + (ma + mb) * spread * height;
	return withVariance(mean, Math.max(0, square - m * m), a.drive * first + b.drive * second, together);
}

/** What is known of a moment when it has not come by `now`: the part of its distribution before is gone. */
export function stillToCome(moment: Moment, now: number, together: number): Moment {
	const spread = deviation(moment, together);
	if (spread < 1) return moment.mean >= now ? moment : sure(now);
	const alpha = (now - moment.mean) / spread;
	if (alpha < -6) return moment;
	// Far in the tail the remaining time is spread²/delay, by Mills' ratio.
	const ratio = alpha > 6 ? alpha + 1 / alpha : density(alpha) / cumulative(-alpha);
	const mean = moment.mean + spread * ratio;
	const left = Math.max(0, 1 - ratio * (ratio - alpha));
	return withVariance(Math.max(now, mean), spread * spread * left, moment.drive * left, together);
}

function withVariance(mean: number, variance: number, drive: number, together: number): Moment {
	const common = Math.min(drive, Math.sqrt(variance) / (together || 1));
	return { mean, variance: Math.max(0, variance - (together * common) ** 2), drive: common };
}

const density = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

/** Of the normal distribution, to 1e-7 (Abramowitz and Stegun, 26.2.17). */
export function cumulative(x: number): number {
	const t = 1 / (1 + 0.2316419 * Math.abs(x));
	const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
	const upper = density(x) * poly;
	return x >= 0 ? 1 - upper : upper;
}
