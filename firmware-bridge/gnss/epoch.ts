/**
 * One epoch of a receiver: everything that its sentences say about one moment, and the one fix that comes of it.
 */
import type { DriverPosition } from '../driver.ts';
import { isoTime, round } from './fields.ts';

/** What a sentence said about validity; a receiver with several talkers may say it several times. */
export type Validity = 'valid' | 'invalid';

export class Epoch {
	/** Arrival of its first byte, ms of the caller's clock. */
	readonly at: number;
	/** UTC in ms of the day; undefined until a sentence gave it. */
	time: number | undefined;
	/** Date that came with this epoch, days since 1970. */
	day: number | undefined;
	lat: number | undefined;
	lon: number | undefined;
	alt: number | undefined;
	speed: number | undefined;
	track: number | undefined;
	hdop: number | undefined;
	accuracy: number | undefined;
	untrusted: string | undefined;
	/** Highest mode of the epoch's GSA sentences. */
	gsaMode: 1 | 2 | 3 | undefined;
	/** Satellite count of GGA or GNS. */
	counted: number | undefined;
	/** Satellites that GSA sentences named. */
	readonly used = new Set<number>();
	/** A GSA sentence came, though perhaps without a satellite in it. */
	gsaSeen = false;
	/** By sentence kind (RMC, GGA, …): valid when at least one talker said so. */
	readonly validity = new Map<string, Validity>();
	/** Addresses of the sentences that spoke of the fix; one that comes again opens a new epoch where there is no time to tell by. */
	readonly addresses = new Set<string>();

	constructor(at: number) {
		this.at = at;
	}

	state(kind: string, valid: boolean): void {
		if (valid) this.validity.set(kind, 'valid');
		else if (!this.validity.has(kind)) this.validity.set(kind, 'invalid');
	}

	/** A fix stands only when some kind of sentence vouches for it and none denies it. */
	#valid(): boolean {
		if (this.lat === undefined || this.gsaMode === 1) return false;
		let vouched = false;
		for (const validity of this.validity.values()) {
			if (validity === 'invalid') return false;
			vouched = true;
		}
		return vouched;
	}

	/**
	 * GGA's count stops at 12 in many receivers, or is that of one system; GSA has twelve places and may leave a system out.
	 * Either can only say too little.
	 */
	satellites(): number | undefined {
		if (this.counted === undefined && !this.gsaSeen) return undefined;
		return Math.max(this.counted ?? 0, this.used.size);
	}

	/**
	 * `day` is the epoch's date where the driver knows it; `rememberedMode` the last mode that a receiver gave which does not
	 * send GSA in every epoch.
	 */
	fix(day: number | undefined, rememberedMode: 2 | 3 | undefined): DriverPosition {
		const valid = this.#valid();
		const mode = valid ? this.#mode(rememberedMode) : 1;
		const satellitesUsed = this.satellites();
		const time = this.time === undefined || day === undefined ? null : isoTime(day, this.time);
		const fix: DriverPosition = {
			type: 'position',
			time,
			...(valid && { lat: this.lat!, lon: this.lon! }),
			...(valid && mode === 3 && this.alt !== undefined && { alt: this.alt }),
			mode,
			...(satellitesUsed !== undefined && { satellitesUsed }),
		};
		if (!valid) return fix;
		if (this.speed !== undefined) fix.speed = this.speed;
		if (this.track !== undefined) fix.track = this.track;
		if (this.hdop !== undefined) fix.hdop = this.hdop;
		if (this.accuracy !== undefined) fix.accuracy = round(this.accuracy, 3);
		if (this.untrusted !== undefined) fix.untrusted = this.untrusted;
		return fix;
	}

	/**
	 * An altitude makes a fix three-dimensional: several receivers go on saying "2" in GSA with eight satellites in use, and
	 * gpsd reads them so too. Without an altitude GSA has the word.
	 */
	#mode(remembered: 2 | 3 | undefined): 2 | 3 {
		if (this.alt !== undefined) return 3;
		return this.gsaMode === 2 || this.gsaMode === 3 ? this.gsaMode : (remembered ?? 2);
	}
}
