/**
 * Learns with which sentence a receiver ends its burst, so that the fix can be given out at once instead of with the first
 * sentence of the next burst. Believes it after three bursts in a row that ended alike, and drops the belief when something
 * came after all.
 */
const BURSTS_NEEDED = 3;

export class BurstEnd {
	/** Address and how many of it came in the burst, e.g. `GNGSA#2`. */
	#last: string | undefined;
	#candidate: string | undefined;
	#seen = 0;
	/** Bounded by the addresses that the driver reads. */
	readonly #counts = new Map<string, number>();

	/** Counts a sentence of the running burst; true when it is the one that ends it. */
	reached(address: string): boolean {
		const count = (this.#counts.get(address) ?? 0) + 1;
		this.#counts.set(address, count);
		this.#last = `${address}#${count}`;
		return this.#seen >= BURSTS_NEEDED && this.#last === this.#candidate;
	}

	/** The burst was closed, for whatever reason. */
	closed(): void {
		if (this.#last !== undefined && this.#last === this.#candidate) this.#seen++;
		else {
			this.#candidate = this.#last;
			this.#seen = 1;
		}
		this.#last = undefined;
		this.#counts.clear();
	}

	/** Something came after the burst was held to be over. */
	tooEarly(): void {
		this.forget();
	}

	forget(): void {
		this.#candidate = undefined;
		this.#last = undefined;
		this.#seen = 0;
		this.#counts.clear();
	}
}
