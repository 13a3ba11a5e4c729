/**
 * The server's clock as this browser can best know it. Ages on screen are reckoned by it, never by the clock of the computer
 * on the desk, which may be minutes off.
 */
export interface ServerClock {
	/** Server time now, ms since 1970. */
	now(): number;
	/** Half the round trip of the best sample, ms: how far `now` may be off. `null` before the first sample. */
	uncertainty(): number | null;
	/** Takes one sample: local times of question and answer, server time in the answer. */
	sample(sentAt: number, receivedAt: number, serverTime: number): void;
	/** A server time without a round trip (greeting): used only until a real sample is there. */
	hint(serverTime: number): void;
}

const kept = 8;

/** @param local The browser's clock, ms since 1970. */
export function createServerClock(local: () => number = Date.now): ServerClock {
	let samples: { offset: number; delay: number }[] = [];
	let offset = 0;
	let delay: number | null = null;
	return {
		now: () => local() + offset,
		uncertainty: () => delay,
		sample(sentAt, receivedAt, serverTime) {
			const half = Math.max(0, receivedAt - sentAt) / 2;
			const found = serverTime + half - receivedAt;
			// A computer that slept or whose clock was set makes the old samples worthless.
			if (samples.some((s) => Math.abs(s.offset - found) > s.delay + half + 2000)) samples = [];
			samples.push({ offset: found, delay: half });
			if (samples.length > kept) samples.shift();
			const best = samples.reduce((a, b) => (b.delay < a.delay ? b : a));
			offset = best.offset;
			delay = best.delay;
		},
		hint(serverTime) {
			if (delay === null) offset = serverTime - local();
		},
	};
}
