/** Batches that were published and not yet acknowledged by the server. */
import type { Lane, SeqRange } from '@junkai/contracts';

export interface Batch {
	lane: Lane;
	historical: boolean;
	/** Ascending. */
	seqs: readonly number[];
	bytes: number;
	/** Monotonic time of publishing, ms. */
	sentAt: number;
}

interface Flying extends Batch {
	missing: Set<number>;
}

export class InFlight {
	#batches = new Set<Flying>();
	readonly #seqs = new Set<number>();
	#bytes = { live: 0, historical: 0 };
	#count = { live: 0, historical: 0 };

	add(batch: Batch): void {
		this.#batches.add({ ...batch, missing: new Set(batch.seqs) });
		for (const seq of batch.seqs) this.#seqs.add(seq);
		this.#tally(batch, 1);
	}

	has(seq: number): boolean {
		return this.#seqs.has(seq);
	}

	bytes(historical: boolean): number {
		return historical ? this.#bytes.historical : this.#bytes.live;
	}

	count(historical: boolean): number {
		return historical ? this.#count.historical : this.#count.live;
	}

	/** Marks what the server stored; returns the batches that are complete by it. */
	acknowledge(ranges: readonly SeqRange[]): Batch[] {
		const done: Batch[] = [];
		for (const batch of this.#batches) {
			const first = batch.seqs[0]!;
			const last = batch.seqs.at(-1)!;
			for (const [from, to] of ranges) {
				if (to < first || from > last) continue;
				for (const seq of batch.missing) if (seq >= from && seq <= to) batch.missing.delete(seq);
			}
			if (batch.missing.size > 0) continue;
			this.#remove(batch);
			done.push(batch);
		}
		return done;
	}

	/** Takes out the batches published before `moment`: their ack did not come. */
	overdue(moment: number): Batch[] {
		const late = [...this.#batches].filter((batch) => batch.sentAt < moment);
		for (const batch of late) this.#remove(batch);
		return late;
	}

	clear(): void {
		this.#batches = new Set();
		this.#seqs.clear();
		this.#bytes = { live: 0, historical: 0 };
		this.#count = { live: 0, historical: 0 };
	}

	#remove(batch: Flying): void {
		this.#batches.delete(batch);
		for (const seq of batch.seqs) this.#seqs.delete(seq);
		this.#tally(batch, -1);
	}

	#tally(batch: Batch, sign: 1 | -1): void {
		const kind = batch.historical ? 'historical' : 'live';
		this.#bytes[kind] += sign * batch.bytes;
		this.#count[kind] += sign;
	}
}
