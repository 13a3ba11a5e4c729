import { normal, randomFrom } from './random.ts';

export interface Beat {
	/** When its R wave peaks, s. */
	at: number;
	/** Time since the beat before, s. */
	rr: number;
	/** It came from the ventricle, too early. */
	ectopic: boolean;
}

export type HeartRhythm = 'normal' | 'atrial-fibrillation' | 'tachycardia' | 'low-spo2' | 'ectopics';

/** Beats kept behind the newest that was asked for, s. */
const KEPT = 40;

/**
 * The row of heartbeats, made as far as it is asked for and forgotten behind. Breathing speeds and slows it, a slow wave of about
 * ten seconds does too, and the rhythm does the rest.
 */
export class HeartBeats {
	readonly #rhythm: HeartRhythm;
	readonly #mean: number;
	readonly #breath: (at: number) => number;
	readonly #random: () => number;
	readonly #beats: Beat[];
	#untilEctopic: number;

	/** `rate` in beats a minute; `breath` gives −1 (out) to 1 (in) at a second. */
	constructor(options: { rhythm: HeartRhythm; rate: number; seed: number; breath: (at: number) => number }) {
		this.#rhythm = options.rhythm;
		this.#mean = 60 / options.rate;
		this.#breath = options.breath;
		this.#random = randomFrom(options.seed);
		this.#beats = [{ at: 0.3, rr: this.#mean, ectopic: false }];
		this.#untilEctopic = 5;
	}

	/** Beats from `before` seconds before a moment to `after` seconds after it, oldest first. */
	around(at: number, before: number, after: number): Beat[] {
		this.#makeUntil(at + after);
		const beats = this.#beats;
		let end = beats.length;
		while (end > 0 && beats[end - 1]!.at > at + after) end--;
		let start = end;
		while (start > 0 && beats[start - 1]!.at >= at - before) start--;
		return beats.slice(start, end);
	}

	/** The last so many beats up to a moment, oldest first. */
	before(at: number, count: number): Beat[] {
		this.#makeUntil(at);
		let end = this.#beats.length;
		while (end > 0 && this.#beats[end - 1]!.at > at) end--;
		return this.#beats.slice(Math.max(0, end - count), end);
	}

	#makeUntil(at: number): void {
		for (let last = this.#beats.at(-1)!; last.at <= at; last = this.#beats.at(-1)!) this.#beats.push(this.#next(last));
		let old = 0;
		while (old < this.#beats.length - 20 && this.#beats[old]!.at < at - KEPT) old++;
		if (old > 64) this.#beats.splice(0, old);
	}

	#next(last: Beat): Beat {
		const mean = this.#mean;
		// After an early beat the sinus keeps its own time: the next is as late as that one was early.
		if (last.ectopic) return beatAfter(last, mean * 2 - last.rr, false);
		if (this.#rhythm === 'atrial-fibrillation') {
			const rr = mean * Math.exp(0.2 * normal(this.#random));
			return beatAfter(last, Math.min(1.7, Math.max(0.36, rr)), false);
		}
		if (this.#rhythm === 'ectopics' && --this.#untilEctopic <= 0) {
			this.#untilEctopic = 5 + Math.floor(this.#random() * 9);
			return beatAfter(last, mean * 0.62, true);
		}
		const calm = this.#rhythm === 'tachycardia' ? 0.25 : 1;
		const wave = 0.02 * Math.sin(2 * Math.PI * 0.1 * last.at);
		const rr = mean * (1 + calm * (-0.035 * this.#breath(last.at) + wave + 0.008 * normal(this.#random)));
		return beatAfter(last, rr, false);
	}
}

const beatAfter = (last: Beat, rr: number, ectopic: boolean): Beat => ({ at: last.at + rr, rr, ectopic });
