/** Fields of NMEA 0183 sentences as values; `undefined` for a field that is empty or makes no sense. */

const KNOT = 1852 / 3600;

/** A plain decimal number; no exponent, no hex, no stray letters. */
export function decimal(field: string | undefined): number | undefined {
	if (field === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)$/.test(field)) return undefined;
	return Number(field);
}

/** A whole number without a sign. */
export function integer(field: string | undefined): number | undefined {
	return field !== undefined && /^\d{1,9}$/.test(field) ? Number(field) : undefined;
}

/** A decimal within bounds. */
export function bounded(field: string | undefined, low: number, high: number): number | undefined {
	const value = decimal(field);
	return value !== undefined && value >= low && value <= high ? value : undefined;
}

/** Knots as m/s, to a millimetre per second. */
export function knots(field: string | undefined): number | undefined {
	const value = bounded(field, 0, 1100);
	return value === undefined ? undefined : round(value * KNOT, 3);
}

/** km/h as m/s, to a millimetre per second. */
export function kilometresPerHour(field: string | undefined): number | undefined {
	const value = bounded(field, 0, 2000);
	return value === undefined ? undefined : round(value / 3.6, 3);
}

/** `hhmmss.sss` as ms of the day. Second 60 of a leap second is allowed. */
export function timeOfDay(field: string | undefined): number | undefined {
	const match = field === undefined ? null : /^(\d\d)(\d\d)(\d\d)(\.\d*)?$/.exec(field);
	if (!match) return undefined;
	const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3])];
	if (hour > 23 || minute > 59 || second > 60) return undefined;
	const fraction = match[4] !== undefined && match[4].length > 1 ? Number(match[4]) : 0;
	return ((hour * 60 + minute) * 60 + second) * 1000 + Math.round(fraction * 1000);
}

const DAY = 86_400_000;

/** Day, month, year as the number of days since 1970-01-01; undefined for a date that no calendar has. */
export function dayNumber(day: number | undefined, month: number | undefined, year: number | undefined): number | undefined {
	if (day === undefined || month === undefined || year === undefined || day < 1 || month < 1 || month > 12) return undefined;
	const date = new Date(Date.UTC(year, month - 1, day));
	return date.getUTCDate() === day && date.getUTCMonth() === month - 1 ? date.getTime() / DAY : undefined;
}

/** `ddmmyy` as days since 1970. Two-digit years are 1969 to 2068. */
export function shortDate(field: string | undefined): number | undefined {
	if (field === undefined || !/^\d{6}$/.test(field)) return undefined;
	const year = Number(field.slice(4));
	return dayNumber(Number(field.slice(0, 2)), Number(field.slice(2, 4)), year < 69 ? 2000 + year : 1900 + year);
}

/** Days since 1970 and ms of the day as ISO 8601 in UTC. */
export function isoTime(day: number, time: number): string {
	return new Date(day * DAY + time).toISOString();
}

/** Four fields (latitude, N/S, longitude, E/W) as degrees. */
export function coordinates(fields: readonly string[], first: number): { lat: number; lon: number } | undefined {
	const lat = angle(fields[first], 2, 90);
	const lon = angle(fields[first + 2], 3, 180);
	const northSouth = fields[first + 1];
	const eastWest = fields[first + 3];
	if (lat === undefined || lon === undefined) return undefined;
	if ((northSouth !== 'N' && northSouth !== 'S') || (eastWest !== 'E' && eastWest !== 'W')) return undefined;
	// Receivers that never had a fix send noughts with a straight face; no van is ever at that spot in the Atlantic.
	if (lat === 0 && lon === 0) return undefined;
	return { lat: northSouth === 'S' ? 0 - lat : lat, lon: eastWest === 'W' ? 0 - lon : lon };
}

/** `dd(d)mm.mmmm` as degrees. */
function angle(field: string | undefined, degreeDigits: number, limit: number): number | undefined {
	if (field === undefined) return undefined;
	const match = /^(\d+)(\.\d*)?$/.exec(field);
	// Some receivers drop leading noughts of the degrees, none drops those of the minutes.
	if (!match || match[1]!.length < 3 || match[1]!.length > degreeDigits + 2) return undefined;
	const minutes = Number(match[1]!.slice(-2) + (match[2] ?? ''));
	const degrees = Number(match[1]!.slice(0, -2));
	if (minutes >= 60) return undefined;
	const value = degrees + minutes / 60;
	return value <= limit ? round(value, 9) : undefined;
}

export function round(value: number, digits: number): number {
	const factor = 10 ** digits;
	return Math.round(value * factor) / factor;
}
