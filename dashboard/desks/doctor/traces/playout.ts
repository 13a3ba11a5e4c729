/**
 * Decides which moment of the van's time is drawn now. Blocks come with uneven delay; the sweep runs just so far behind that the
 * next block has come before it is due: the longest delay of the last seconds plus a small margin, and not more.
 */
export interface PlayoutOptions {
	/** Added to the measured delay, ms. */
	margin: number;
	/** Delay beyond the quickest block that is waited for, ms; what is later than that fills in behind the sweep. */
	longest: number;
	/** How long a measured delay counts, ms. */
	memory: number;
	/** How long after the first block the sweep may still be set back instead of slowed, ms. */
	learning: number;
}

interface Arrival {
	at: number;
	/** Local time of arrival minus the time of the block's first sample. The two clocks' offset is in it. */
	lateness: number;
}

export class Playout {
	private readonly options: PlayoutOptions;
	private arrivals: Arrival[] = [];
	private position: number | null = null;
	private lastAsked = 0;
	private newest = -Infinity;
	private began: number | null = null;

	constructor(options: Partial<PlayoutOptions> = {}) {
		this.options = { margin: 20, longest: 2500, memory: 8000, learning: 3000, ...options };
	}

	/**
	 * A live block came.
	 * @param now Local time, ms, of a clock that only runs forward.
	 * @param startTime,endTime Of its samples, by the van's clock.
	 */
	arrived(now: number, startTime: number, endTime: number): void {
		const lateness = now - startTime;
		const quickest = this.quickest();
		// Ten seconds apart is no jitter: a clock was set, or the page slept.
		if (quickest !== null && Math.abs(lateness - quickest) > 10_000) this.reset();
		this.began ??= now;
		this.arrivals.push({ at: now, lateness });
		this.newest = endTime;
		const oldest = now - this.options.memory;
		while (this.arrivals.length > 1 && this.arrivals[0]!.at < oldest) this.arrivals.shift();
	}

	/** Forgets all; the sweep starts anew with the next block. */
	reset(): void {
		this.arrivals = [];
		this.position = null;
		this.newest = -Infinity;
		this.began = null;
	}

	/** False in the first moments, when the line's delay is still being learnt and the sweep may be set back. */
	settled(): boolean {
		return this.began !== null && this.lastAsked - this.began >= this.options.learning;
	}

	private quickest(): number | null {
		return this.arrivals.length === 0 ? null : this.arrivals.reduce((low, a) => Math.min(low, a.lateness), Infinity);
	}

	/** Local time minus the van's time at the sweep, as aimed at; `null` before the first block. */
	private aim(): number | null {
		const quickest = this.quickest();
		if (quickest === null) return null;
		const { longest, margin } = this.options;
		let slowest = quickest;
		for (const { lateness } of this.arrivals) if (lateness <= quickest + longest && lateness > slowest) slowest = lateness;
		return slowest + margin;
	}

	/** Buffered for evenness, ms: how far the newest sample is ahead of the sweep. */
	buffered(): number | null {
		return this.position === null ? null : Math.max(0, this.newest - this.position);
	}

	/** Van time at the sweep as of the last {@link advance}. */
	head(): number | null {
		return this.position;
	}

	/**
	 * Moves the sweep to where it belongs now. It never runs backward; it waits or hurries a little to come to the aimed delay.
	 * @returns Van time to be drawn up to, and whether it jumped; `null` before the first block.
	 */
	advance(now: number): { head: number; jumped: boolean } | null {
		const aim = this.aim();
		if (aim === null) return null;
		const target = now - aim;
		const elapsed = Math.max(0, now - this.lastAsked);
		this.lastAsked = now;
		const previous = this.position;
		const setBack = previous !== null && target < previous && !this.settled();
		if (previous === null || setBack || Math.abs(target - previous) > elapsed + 4000) {
			this.position = target;
			return { head: target, jumped: true };
		}
		const ahead = target - (previous + elapsed);
		const speed = ahead < 0 ? Math.max(0, 1 + ahead / 200) : 1 + Math.min(0.15, ahead / 2000);
		this.position = previous + elapsed * speed;
		return { head: this.position, jumped: false };
	}
}
