/**
 * The gateway's clock. Everything is stamped with a monotonic counter that no time adjustment can turn back; an offset
 * turns it into UTC. The offset is anchored to GNSS time while there is a fix, else to the system clock where that is
 * synchronised, else to nothing: then records say so and are corrected once the truth is known.
 */
import { randomBytes } from 'node:crypto';
import type { ClockQuality } from '@junkai/contracts';

/** No receiver that reports an earlier date can be right: it predates this program (week rollover). */
const EARLIEST = Date.UTC(2026, 0, 1);
const ROLLOVER = 1024 * 7 * 86_400_000;
/** GNSS time that is further from a synchronised system clock than this is not believed (old receiver, replayed log). */
const DISAGREEMENT = 10_000;
const FIXES_NEEDED = 3;
const WINDOW = 60_000;
const STEP = 250;
const SLEW_PER_FIX = 5;
/** A receiver that has been quiet for this long no longer holds the clock. */
const FIX_STALE = 10_000;

export interface Stamp {
	/** UTC, ms since 1970. */
	time: number;
	clock: ClockQuality;
}

/** All records of this run that were stamped `unsynchronised` are to be moved by `delta` ms. */
export interface Correction {
	boot: string;
	delta: number;
	to: ClockQuality;
}

export interface ClockOptions {
	/** Whether the system clock is synchronised right now. */
	systemSynchronised: () => boolean;
	/** Monotonic counter, ms. */
	monotonic?: () => number;
	/** System clock, ms since 1970. */
	wall?: () => number;
	/** Called once a run, when its unsynchronised stamps can be corrected. */
	onCorrection?: (correction: Correction) => void;
	onQuality?: (quality: ClockQuality, before: ClockQuality) => void;
}

export class Clock {
	/** Id of this run of the program; stamps of one run share an offset. */
	readonly boot = randomBytes(6).toString('base64url');
	/** GNSS fixes whose time was not believed. */
	implausible = 0;
	readonly #options: ClockOptions;
	readonly #monotonic: () => number;
	readonly #wall: () => number;
	readonly #freeOffset: number;
	#offset: number;
	#quality: ClockQuality = 'unsynchronised';
	#stampedFreely = false;
	#corrected = false;
	#fixes: { at: number; offset: number }[] = [];
	#lastFix = -Infinity;
	#anchored = false;

	constructor(options: ClockOptions) {
		this.#options = options;
		this.#monotonic = options.monotonic ?? (() => performance.now());
		this.#wall = options.wall ?? Date.now;
		this.#freeOffset = this.#wall() - this.#monotonic();
		this.#offset = this.#freeOffset;
		this.tick();
	}

	get quality(): ClockQuality {
		return this.#quality;
	}

	/** Monotonic now, ms. */
	now(): number {
		return this.#monotonic();
	}

	/** UTC of a moment on the monotonic counter (default: now), to the microsecond. */
	stamp(at = this.#monotonic()): Stamp {
		if (this.#quality === 'unsynchronised') this.#stampedFreely = true;
		return { time: Math.max(0, Math.round((at + this.#offset) * 1000) / 1000), clock: this.#quality };
	}

	/** Looks at the system clock and at the age of the last fix; to be called about once a second. */
	tick(): void {
		const at = this.#monotonic();
		const gnssFresh = at - this.#lastFix < FIX_STALE;
		if (this.#options.systemSynchronised()) {
			// A receiver's serial output is late by a tenth of a second or more; a synchronised system clock is finer, and a
			// fix that agrees with it confirms it.
			this.#offset = this.#wall() - at;
			this.#anchored = true;
			this.#become(gnssFresh && this.#fixes.length >= FIXES_NEEDED ? 'gnss' : 'ntp');
		} else if (this.#anchored) {
			this.#become(gnssFresh ? 'gnss' : 'holdover');
		} else {
			this.#become('unsynchronised');
		}
	}

	/** A GNSS fix with time: `utc` is what the receiver says, `at` the monotonic arrival of its first byte. */
	gnss(utc: number, at: number): void {
		const synchronised = this.#options.systemSynchronised();
		const now = synchronised ? this.#wall() : undefined;
		const believed = this.#believable(utc, now);
		if (believed === undefined) {
			this.implausible += 1;
			return;
		}
		this.#fixes = this.#fixes.filter((fix) => at - fix.at < WINDOW);
		const offset = believed - at;
		const last = this.#fixes.at(-1);
		// A jump (leap seconds learnt, a different device behind the cable) starts the window anew.
		if (last !== undefined && Math.abs(last.offset - offset) > 2_000) this.#fixes = [];
		this.#fixes.push({ at, offset });
		if (this.#fixes.length < FIXES_NEEDED) return;
		this.#lastFix = at;
		if (!synchronised) this.#anchor();
		this.tick();
	}

	/** A fix arrives late by a varying delay, never early: the least delayed of a window is nearest the truth. */
	#anchor(): void {
		const best = Math.max(...this.#fixes.map((fix) => fix.offset));
		const error = best - this.#offset;
		if (!this.#anchored || Math.abs(error) > STEP) this.#offset = best;
		else this.#offset += Math.max(-SLEW_PER_FIX, Math.min(SLEW_PER_FIX, error));
		this.#anchored = true;
	}

	#believable(utc: number, system: number | undefined): number | undefined {
		if (system !== undefined) return Math.abs(utc - system) <= DISAGREEMENT ? utc : undefined;
		let time = utc;
		while (time < EARLIEST && time > 0) time += ROLLOVER;
		return time >= EARLIEST && time < EARLIEST + ROLLOVER ? time : undefined;
	}

	#become(quality: ClockQuality): void {
		if (quality === this.#quality) return;
		const before = this.#quality;
		this.#quality = quality;
		if (before === 'unsynchronised' && this.#stampedFreely && !this.#corrected) {
			this.#corrected = true;
			const delta = Math.round((this.#offset - this.#freeOffset) * 1000) / 1000;
			this.#options.onCorrection?.({ boot: this.boot, delta, to: quality });
		}
		this.#options.onQuality?.(quality, before);
	}
}
