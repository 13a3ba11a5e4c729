/**
 * What each NMEA sentence adds to an epoch. Field numbers count from 0, the address; they follow NMEA 0183 with the
 * extensions of 2.3 (mode letter), 4.10 (system id, navigational status) and 4.11 (QZSS talker GQ).
 */
import type { Epoch } from './epoch.ts';
import { bounded, coordinates, dayNumber, integer, kilometresPerHour, knots, shortDate } from './fields.ts';
import { satelliteKey } from './satellites.ts';

export type SentenceKind = 'RMC' | 'GGA' | 'GSA' | 'GSV' | 'VTG' | 'ZDA' | 'GNS' | 'GST' | 'GLL';

type Apply = (epoch: Epoch, fields: readonly string[], talker: string) => void;

/** Field that holds hhmmss.sss; a kind that is not listed has none. */
export const timeField: Partial<Record<SentenceKind, number>> = { RMC: 1, GGA: 1, ZDA: 1, GNS: 1, GST: 1, GLL: 5 };

/** Longest burst that is still one set of GSA: 5 systems × 12 satellites, with room. */
const MAX_USED = 128;

/** Mode letters (FAA) behind which there is no satellite fix that a driver should rely on. */
const doubts: Record<string, string> = { E: 'estimated', M: 'manual', S: 'simulated' };

/** GGA's fix quality where it is not a measured one. */
const qualityDoubts: Record<number, string> = { 6: 'estimated', 7: 'manual', 8: 'simulated' };

/** Receivers send these for "unknown": 0.00, 99.0, 99.99. */
const dop = (field: string | undefined): number | undefined => bounded(field, 0.01, 89.99);

function place(epoch: Epoch, fields: readonly string[], first: number): boolean {
	const found = coordinates(fields, first);
	if (!found) return false;
	epoch.lat = found.lat;
	epoch.lon = found.lon;
	return true;
}

function doubt(epoch: Epoch, modes: string | undefined): void {
	// GNS has one letter a constellation: one that measures is enough.
	if (modes === undefined || modes === '' || /[ADFPRC]/.test(modes)) return;
	const reason = doubts[modes.replaceAll('N', '')[0] ?? ''];
	if (reason !== undefined) epoch.untrusted = reason;
}

/** Without a letter (before NMEA 2.3) the sentence's own status stands alone. */
const deniedBy = (modes: string | undefined): boolean => modes !== undefined && modes !== '' && /^N+$/.test(modes);

/**
 * U is the receiver's "unsafe". V, which many receivers send in every sentence, only says that they do not judge.
 */
function navigationStatus(epoch: Epoch, field: string | undefined): void {
	if (field === 'U') epoch.untrusted = 'not-safe';
}

export const sentences: Record<SentenceKind, Apply> = {
	RMC(epoch, fields) {
		const valid = fields[2] === 'A' && !deniedBy(fields[12]);
		if (!valid) return epoch.state('RMC', false);
		// Date and clock of an invalid RMC are made up by some receivers; only a valid one is believed.
		epoch.day = shortDate(fields[9]) ?? epoch.day;
		epoch.state('RMC', place(epoch, fields, 3));
		epoch.speed = knots(fields[7]) ?? epoch.speed;
		epoch.track = bounded(fields[8], 0, 360) ?? epoch.track;
		doubt(epoch, fields[12]);
		navigationStatus(epoch, fields[13]);
	},
	GGA(epoch, fields, talker) {
		const quality = integer(fields[6]);
		epoch.counted = Math.max(epoch.counted ?? 0, Math.min(integer(fields[7]) ?? 0, 255));
		if (quality === undefined || quality === 0 || quality > 9) return epoch.state('GGA', false);
		// Some receivers keep a quality of 1 when they have lost all satellites: without three of them another kind of sentence
		// has to vouch for the place. Dead reckoning needs none.
		const few = quality < 6 && (integer(fields[7]) ?? 0) < 3 && (talker === 'GP' || talker === 'GN');
		const placed = place(epoch, fields, 2);
		if (!placed || !few) epoch.state('GGA', placed);
		epoch.alt = bounded(fields[9], -1000, 100_000) ?? epoch.alt;
		epoch.hdop = dop(fields[8]) ?? epoch.hdop;
		epoch.untrusted = qualityDoubts[quality] ?? epoch.untrusted;
	},
	GNS(epoch, fields) {
		epoch.counted = Math.max(epoch.counted ?? 0, Math.min(integer(fields[7]) ?? 0, 255));
		if (fields[6] === undefined || fields[6] === '' || deniedBy(fields[6])) return epoch.state('GNS', false);
		epoch.state('GNS', place(epoch, fields, 2));
		epoch.alt = bounded(fields[9], -1000, 100_000) ?? epoch.alt;
		epoch.hdop = dop(fields[8]) ?? epoch.hdop;
		doubt(epoch, fields[6]);
		navigationStatus(epoch, fields[13]);
	},
	GLL(epoch, fields) {
		const valid = fields[6] === 'A' && !deniedBy(fields[7]);
		epoch.state('GLL', valid && place(epoch, fields, 1));
		if (valid) doubt(epoch, fields[7]);
	},
	VTG(epoch, fields) {
		if (deniedBy(fields[9])) return;
		// The oldest form has bare numbers: true course, magnetic course, knots, km/h.
		const lettered = fields[2] === 'T' || fields[6] === 'N';
		epoch.speed = knots(lettered ? fields[5] : fields[3]) ?? kilometresPerHour(lettered ? fields[7] : fields[4]) ?? epoch.speed;
		epoch.track = bounded(fields[1], 0, 360) ?? epoch.track;
		doubt(epoch, fields[9]);
	},
	GSA(epoch, fields, talker) {
		const mode = integer(fields[2]);
		if (mode === 1 || mode === 2 || mode === 3)
			epoch.gsaMode = epoch.gsaMode === undefined || mode > epoch.gsaMode ? mode : epoch.gsaMode;
		epoch.gsaSeen = true;
		const systemId = fields.length === 19 ? integer(fields[18]) : undefined;
		const last = fields.length - (fields.length === 19 ? 4 : 3);
		for (let i = 3; i < last && epoch.used.size < MAX_USED; i++) {
			const number = integer(fields[i]);
			const key = number === undefined ? undefined : satelliteKey(talker, systemId, number);
			if (key !== undefined) epoch.used.add(key);
		}
		epoch.hdop = dop(fields[last + 1]) ?? epoch.hdop;
	},
	GST(epoch, fields) {
		const north = bounded(fields[6], 0, 100_000);
		const east = bounded(fields[7], 0, 100_000);
		if (north !== undefined && east !== undefined) epoch.accuracy = Math.hypot(north, east);
	},
	ZDA(epoch, fields) {
		const year = integer(fields[4]);
		if (year === undefined || year < 1980 || year > 2100) return;
		epoch.day = dayNumber(integer(fields[2]), integer(fields[3]), year) ?? epoch.day;
	},
	// Satellites in view say nothing about the fix; the sentence is known so that it counts as part of the burst.
	GSV() {},
};

/** Kind and talker of an address such as `GNRMC`; undefined for what this driver does not read. */
export function readAddress(address: string): { kind: SentenceKind; talker: string } | undefined {
	// `PG…`, `PM…` are makers' own sentences ($PGRMC sets up a Garmin); Quectel's `PQ` is a talker all the same.
	if (!/^([A-OQ-Z][A-Z]|PQ)[A-Z]{3}$/.test(address)) return undefined;
	const kind = address.slice(2);
	return kind in sentences ? { kind: kind as SentenceKind, talker: address.slice(0, 2) } : undefined;
}
