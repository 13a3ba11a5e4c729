/**
 * Which satellites are in use, from GSA sentences. One receiver names the same satellite in several ways (a GP and a GN
 * sentence; 65 or 1 for the first GLONASS satellite), so numbers are brought into one form before they are counted.
 */

/** NMEA system ids of NMEA 4.10. */
const systemOfTalker: Record<string, number> = { GP: 1, GL: 2, GA: 3, BD: 4, GB: 4, GI: 6, QZ: 5, GQ: 5 };

/** One satellite as `system × 1000 + number within the system`, or undefined when the field names none. */
export function satelliteKey(talker: string, systemId: number | undefined, number: number): number | undefined {
	if (number < 1 || number > 999) return undefined;
	const system = systemOfTalker[talker] ?? systemId ?? 0;
	const [known, within] = normalise(system, number);
	return known * 1000 + within;
}

/** Ranges as receivers really use them; several schemes live side by side, they do not overlap within one system. */
function normalise(system: number, number: number): [number, number] {
	switch (system) {
		case 2:
			return [2, number > 64 && number <= 96 ? number - 64 : number];
		case 3:
			return [3, number > 300 ? number - 300 : number];
		case 4:
			return [4, number > 400 ? number - 400 : number > 200 ? number - 200 : number > 100 ? number - 100 : number];
		case 5:
			return [5, number > 192 ? number - 192 : number];
		case 6:
			return [6, number];
		default:
			return byRange(number);
	}
}

function byRange(number: number): [number, number] {
	if (number <= 64) return [1, number];
	if (number <= 96) return [2, number - 64];
	if (number >= 120 && number <= 158) return [1, number - 87];
	if (number >= 173 && number <= 182) return [7, number];
	if (number >= 183 && number <= 192) return [7, number];
	if (number >= 193 && number <= 202) return [5, number - 192];
	if (number > 200 && number <= 264) return [4, number - 200];
	if (number > 300 && number <= 336) return [3, number - 300];
	if (number > 400 && number <= 463) return [4, number - 400];
	return [0, number];
}
