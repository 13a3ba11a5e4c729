/** What goes wrong at a bedside on any day: a finger slips out, an electrode comes off, the patient moves. */
import { randomFrom, seedOf } from './random.ts';

export interface Incident {
	kind: 'finger-off' | 'lead-off' | 'motion';
	/** Seconds since the devices were attached. */
	from: number;
	to: number;
}

/** The incidents of one visit, the same for the same seed. The first minutes are calm. */
export function incidentsOf(seed: number): Incident[] {
	const random = randomFrom(seedOf(seed, 'incidents'));
	const incident = (kind: Incident['kind'], earliest: number, latest: number, shortest: number, longest: number): Incident => {
		const from = earliest + (latest - earliest) * random();
		return { kind, from, to: from + shortest + (longest - shortest) * random() };
	};
	return [incident('motion', 200, 300, 4, 8), incident('finger-off', 320, 440, 8, 16), incident('lead-off', 460, 600, 5, 10)];
}
