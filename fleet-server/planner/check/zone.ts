/**
 * All clocks that a shown plan leaves possible. Answers show whole seconds, cut off, while times run in hundredths: `now` and
 * `leg` (when the present leg will be done if nothing holds the van up any more) are known only within bounds, and around a break
 * on the way their difference is too. A zone keeps the bounds of both and of the difference, which is exact for this purpose: it
 * is empty just when no schedule in hundredths has the shown seconds.
 */
const NAUGHT = 0;
const NOW = 1;
const LEG = 2;

export class Zone {
	/** `#most[i][j]`: the most that x_i - x_j can be; x_0 is always 0. */
	#most: number[][] = [
		[0, 0, 0],
		[0, 0, 0],
		[0, 0, 0],
	];

	/** At a place, some time from `from` to `to`. */
	constructor(from: number, to: number) {
		this.reset(from, to);
	}

	reset(from: number, to: number): void {
		this.#most = [
			[0, -from, -from],
			[to, 0, 0],
			[to, 0, 0],
		];
	}

	/** Sets off on a leg of this length. Only at a place. */
	setOff(length: number): void {
		for (const other of [NAUGHT, NOW]) {
			this.#add(LEG, other, length);
			this.#add(other, LEG, -length);
		}
	}

	/** The leg is done. */
	finishLeg(): void {
		for (const other of [NAUGHT, LEG]) {
			this.#most[NOW]![other] = other === LEG ? 0 : this.#most[LEG]![NAUGHT]!;
			this.#most[other]![NOW] = other === LEG ? 0 : this.#most[NAUGHT]![LEG]!;
		}
	}

	/** Drives on, somewhere up to the end of the leg. */
	driveOn(): void {
		this.#most[NOW]![NAUGHT] = Infinity;
		this.#most[NOW]![LEG] = 0;
		this.#close();
	}

	/** Waits for any time. */
	wait(): void {
		this.#most[NOW]![NAUGHT] = Infinity;
		this.#most[LEG]![NAUGHT] = Infinity;
		this.#close();
	}

	/** Stands for just this time. */
	stand(time: number): void {
		for (const clock of [NOW, LEG]) {
			this.#add(clock, NAUGHT, time);
			this.#add(NAUGHT, clock, -time);
		}
	}

	/** Keeps only what is from `from` to `to` now. False when nothing is left; the zone is then as before. */
	keep(from: number, to: number): boolean {
		const before = this.#most.map((row) => [...row]);
		this.#most[NOW]![NAUGHT] = Math.min(this.#most[NOW]![NAUGHT]!, to);
		this.#most[NAUGHT]![NOW] = Math.min(this.#most[NAUGHT]![NOW]!, -from);
		this.#close();
		if ([NAUGHT, NOW, LEG].every((clock) => this.#most[clock]![clock]! >= 0)) return true;
		this.#most = before;
		return false;
	}

	get earliest(): number {
		return 0 - this.#most[NAUGHT]![NOW]!;
	}

	get latest(): number {
		return this.#most[NOW]![NAUGHT]!;
	}

	/** Least and most travel that is left of the leg. */
	get left(): readonly [number, number] {
		return [0 - this.#most[NOW]![LEG]!, this.#most[LEG]![NOW]!];
	}

	#add(one: number, other: number, length: number): void {
		this.#most[one]![other] = this.#most[one]![other]! + length;
	}

	#close(): void {
		for (const via of [NAUGHT, NOW, LEG]) {
			for (const one of [NAUGHT, NOW, LEG]) {
				for (const other of [NAUGHT, NOW, LEG]) {
					const around = this.#most[one]![via]! + this.#most[via]![other]!;
					if (around < this.#most[one]![other]!) this.#most[one]![other] = around;
				}
			}
		}
	}
}
