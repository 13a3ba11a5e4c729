/** Sequence numbers as sorted ranges, the words of an ack. */
import type { SeqRange } from '@junkai/contracts';

/** Ranges that hold exactly these numbers. */
export function toRanges(seqs: readonly number[]): SeqRange[] {
	const ranges: SeqRange[] = [];
	for (const seq of seqs.toSorted((a, b) => a - b)) {
		const last = ranges.at(-1);
		if (last !== undefined && seq <= last[1] + 1) last[1] = Math.max(last[1], seq);
		else ranges.push([seq, seq]);
	}
	return ranges;
}

/** Remembers the newest numbers that were seen, up to a bound. */
export class RecentSeqs {
	readonly #limit: number;
	readonly #seen = new Set<number>();

	constructor(limit: number) {
		this.#limit = limit;
	}

	has(seq: number): boolean {
		return this.#seen.has(seq);
	}

	/** True when the number is new; it is remembered from then on. */
	add(seq: number): boolean {
		if (this.#seen.has(seq)) return false;
		this.#seen.add(seq);
		if (this.#seen.size > this.#limit) {
			for (const oldest of this.#seen) {
				this.#seen.delete(oldest);
				break;
			}
		}
		return true;
	}
}
