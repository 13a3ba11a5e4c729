/** A GNSS receiver that speaks NMEA 0183. */
import { type Emulator, Line, type LineFaults, noLineFaults, Ticker } from './emulator.ts';
import { constantPlace, type GnssMoment, type GnssSource } from './sources.ts';

export type NmeaSentenceName = 'RMC' | 'GGA' | 'GSA' | 'GSV' | 'VTG' | 'ZDA' | 'GNS' | 'GST' | 'GLL';

export interface NmeaEmulatorOptions {
	source?: GnssSource;
	/** Epochs per second, 1 to 10. */
	rate?: number;
	talker?: string;
	/** Sentences of an epoch, in this order. */
	sentences?: readonly NmeaSentenceName[];
	/** The device is cold: for so long, ms, it knows neither time nor place. */
	coldStart?: number;
}

export interface NmeaFaults extends LineFaults {
	/** Roof, tunnel, unplugged antenna: time goes on, position is gone. */
	noFix: boolean;
	/** Neither time nor position, as after a cold start. */
	cold: boolean;
	/** Without a fix, noughts are sent as the position, as some receivers do. */
	zeroPosition: boolean;
	/** GGA's quality says simulated, manual or estimated instead of measured. */
	quality: number | undefined;
	/** Checksums are left out. */
	noChecksums: boolean;
	/** So many of the next sentences lose their line end and run into the one that follows. */
	joined: number;
}

const KNOT = 1852 / 3600;

export class NmeaEmulator implements Emulator {
	readonly id = 'nmea';
	readonly faults: NmeaFaults = {
		...noLineFaults(),
		noFix: false,
		cold: false,
		zeroPosition: false,
		quality: undefined,
		noChecksums: false,
		joined: 0,
	};
	readonly #source: GnssSource;
	readonly #talker: string;
	readonly #sentences: readonly NmeaSentenceName[];
	readonly #ticker: Ticker;
	readonly #line = new Line(this.faults);
	readonly #warmAfter: number;
	#startedAt: number | undefined;

	constructor(options: NmeaEmulatorOptions = {}) {
		this.#source = options.source ?? constantPlace();
		this.#talker = options.talker ?? 'GN';
		this.#sentences = options.sentences ?? ['RMC', 'VTG', 'GGA', 'GSA', 'GSV', 'GLL', 'GST'];
		this.#ticker = new Ticker(1000 / Math.min(Math.max(options.rate ?? 1, 0.1), 20));
		this.#warmAfter = options.coldStart ?? 0;
	}

	advance(t: number): Uint8Array {
		this.#startedAt ??= t;
		const warmAt = this.#startedAt + this.#warmAfter;
		this.#ticker.advance(t, (_, time) => {
			const moment = this.#source.at(time);
			const cold = this.faults.cold || time < warmAt;
			const fix = cold || this.faults.noFix ? 1 : moment.mode;
			for (const name of this.#sentences) {
				for (const body of this.#bodies(name, { ...moment, mode: fix }, cold)) this.#send(body);
			}
		});
		return this.#line.take();
	}

	/** Receivers of this kind are told nothing. */
	receive(): void {}

	#send(body: string): void {
		let sum = 0;
		for (let i = 0; i < body.length; i++) sum ^= body.charCodeAt(i);
		const check = this.faults.noChecksums ? '' : `*${sum.toString(16).toUpperCase().padStart(2, '0')}`;
		let end = '\r\n';
		if (this.faults.joined > 0) {
			this.faults.joined--;
			end = '';
		}
		this.#line.send(Buffer.from(`$${body}${check}${end}`, 'latin1'));
	}

	#bodies(name: NmeaSentenceName, m: GnssMoment, cold: boolean): string[] {
		const head = `${this.#talker}${name}`;
		const time = cold ? '' : clock(m.utc);
		const date = cold ? '' : calendar(m.utc);
		const fixed = m.mode > 1;
		const place = fixed ? coordinates(m) : this.faults.zeroPosition ? '0000.00000,N,00000.00000,E' : ',,,';
		const letter = fixed ? 'A' : 'N';
		const knots = fixed ? (m.speed / KNOT).toFixed(3) : '';
		// A receiver at a standstill has no course to tell.
		const track = fixed && m.speed >= 0.3 ? m.track.toFixed(2) : '';
		const used = fixed ? m.satellites : 0;
		const hdop = fixed ? m.hdop.toFixed(2) : '99.99';
		const alt = m.mode === 3 ? `${m.alt.toFixed(1)},M,37.0,M` : ',M,,M';
		switch (name) {
			case 'RMC':
				return [`${head},${time},${fixed ? 'A' : 'V'},${place},${knots},${track},${date},,,${letter},V`];
			case 'GGA':
				return [
					`${head},${time},${place},${fixed ? (this.faults.quality ?? 1) : 0},${String(used).padStart(2, '0')},${hdop},${alt},,`,
				];
			case 'GNS':
				return [
					`${head},${time},${place},${letter}${letter},${String(used).padStart(2, '0')},${hdop},${fixed ? m.alt.toFixed(1) : ''},,,,V`,
				];
			case 'GLL':
				return [`${head},${place},${time},${fixed ? 'A' : 'V'},${letter}`];
			case 'VTG':
				return [`${head},${track},T,,M,${knots},N,${fixed ? (m.speed * 3.6).toFixed(3) : ''},K,${letter}`];
			case 'GST':
				return [
					`${head},${time},${fixed ? '1.2,,,' : ',,,'},${fixed ? (m.hdop * 1.5).toFixed(1) : ''},${fixed ? (m.hdop * 1.5).toFixed(1) : ''},`,
				];
			case 'ZDA':
				return [`${head},${time},${cold ? ',,' : zda(m.utc)},00,00`];
			case 'GSA':
				return satellitesUsed(head, m.mode, used, hdop);
			case 'GSV':
				return satellitesInView(used);
		}
	}
}

const two = (value: number): string => String(value).padStart(2, '0');

function clock(utc: number): string {
	const d = new Date(Math.round(utc / 10) * 10);
	return `${two(d.getUTCHours())}${two(d.getUTCMinutes())}${two(d.getUTCSeconds())}.${two(d.getUTCMilliseconds() / 10)}`;
}

function calendar(utc: number): string {
	const d = new Date(Math.round(utc / 10) * 10);
	return `${two(d.getUTCDate())}${two(d.getUTCMonth() + 1)}${two(d.getUTCFullYear() % 100)}`;
}

function zda(utc: number): string {
	const d = new Date(Math.round(utc / 10) * 10);
	return `${two(d.getUTCDate())},${two(d.getUTCMonth() + 1)},${d.getUTCFullYear()}`;
}

function coordinates(m: GnssMoment): string {
	return `${angle(m.lat, 2)},${m.lat < 0 ? 'S' : 'N'},${angle(m.lon, 3)},${m.lon < 0 ? 'W' : 'E'}`;
}

function angle(degrees: number, digits: number): string {
	// In hundred-thousandths of a minute, so that 59.999999 does not become 60.
	const units = Math.round(Math.abs(degrees) * 6_000_000);
	const whole = Math.floor(units / 6_000_000);
	const minutes = (units - whole * 6_000_000) / 100_000;
	return `${String(whole).padStart(digits, '0')}${minutes.toFixed(5).padStart(8, '0')}`;
}

/** GPS has numbers 1 to 32 and takes up to eleven; the rest are Galileo's. NMEA 4.10 sends a sentence a system. */
function satellitesUsed(head: string, mode: number, used: number, hdop: string): string[] {
	const gps = Math.min(used, 11);
	const other = Math.min(used - gps, 12);
	const row = (count: number, system: number): string => {
		const numbers = Array.from({ length: 12 }, (_, i) => (i < count ? two(i * 2 + 3) : ''));
		return `${head},A,${mode},${numbers.join(',')},1.60,${hdop},1.30,${system}`;
	};
	return [row(gps, 1), row(other, 3)];
}

function satellitesInView(used: number): string[] {
	const view = Math.min(used + 3, 16);
	const total = Math.max(1, Math.ceil(view / 4));
	return Array.from({ length: total }, (_, page) => {
		const seen = Array.from({ length: Math.min(4, view - page * 4) }, (_none, i) => {
			const n = page * 4 + i;
			return `,${two(n * 2 + 3)},${two(15 + ((n * 13) % 70))},${String((n * 47) % 360).padStart(3, '0')},${n < used ? 38 : ''}`;
		});
		return `GPGSV,${total},${page + 1},${two(view)}${seen.join('')},1`;
	});
}
