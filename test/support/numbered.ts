/** A receiver whose every fix carries its number, in its time and in its place, so that none can hide or be counted twice. */
const BASE = Date.UTC(2026, 10, 22, 3, 0, 0);
/** Device time between two fixes, ms: the finest that NMEA's hundredths of a second can say. */
const STEP = 10;
const LATITUDE = 33.5;

/** The RMC sentence of fix `n`: its time is BASE + n × 10 ms, its latitude 33.5° + n × 10⁻⁵ minutes. */
export function sentence(n: number): string {
	const time = new Date(BASE + n * STEP);
	const two = (value: number): string => String(value).padStart(2, '0');
	const clock = `${two(time.getUTCHours())}${two(time.getUTCMinutes())}${two(time.getUTCSeconds())}.${two(time.getUTCMilliseconds() / 10)}`;
	const date = `${two(time.getUTCDate())}${two(time.getUTCMonth() + 1)}${two(time.getUTCFullYear() % 100)}`;
	const minutes = ((LATITUDE % 1) * 60 + n * 1e-5).toFixed(5).padStart(8, '0');
	const body = `GNRMC,${clock},A,${Math.floor(LATITUDE)}${minutes},N,13530.00000,E,10.0,90.0,${date},,,A`;
	let sum = 0;
	for (const character of body) sum ^= character.charCodeAt(0);
	return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`;
}

/** The number of a stored fix by its device time. */
export const numberOf = (deviceTime: number): number => (deviceTime - BASE) / STEP;

/** The latitude that fix `n` was sent with, degrees. */
export const latitudeOf = (n: number): number => LATITUDE + (n * 1e-5) / 60;
