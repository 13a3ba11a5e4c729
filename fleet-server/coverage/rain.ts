/**
 * What a day of rain closes, and when. A section closes at the end of the hour in which the rain since the beginning, or that of the
 * hour, comes to its threshold; after enough dry hours all closed sections are opened, and the next rain is counted from nothing.
 */
import type { Region, Scenario } from '@junkai/regions';
import { rulesAt } from '../roads/closures.ts';

/** Rain at the end of an hour. */
export interface RainHour {
	/** Hours since it began; hour 1 ends the first one. */
	readonly hour: number;
	/** Since it began to rain, mm. */
	readonly mm: number;
	/** Within this hour, mm. */
	readonly hourMm: number;
}

export interface RainStep {
	readonly hour: number;
	/** Rules by id that set in now; those that are closed already are not in it. */
	readonly closes: readonly string[];
	readonly opens: readonly string[];
}

export interface RainCourse {
	readonly hours: readonly RainHour[];
	readonly steps: readonly RainStep[];
}

/** The whole course, from the first drop until the last section is open again. */
export function rainCourse(region: Region, scenario: Scenario): RainCourse {
	const { hourlyMm, dryBelowMm, reopenAfterHours } = scenario;
	const hours: RainHour[] = [{ hour: 0, mm: 0, hourMm: 0 }];
	const steps: RainStep[] = [];
	let closed = new Set<string>();
	let mm = 0;
	let dry = 0;
	for (let hour = 1; hour <= hourlyMm.length + reopenAfterHours; hour++) {
		const hourMm = hourlyMm[hour - 1] ?? 0;
		mm += hourMm;
		dry = hourMm < dryBelowMm ? dry + 1 : 0;
		const over = dry >= reopenAfterHours;
		const closes = over ? [] : rulesAt(region, { mm, hourMm }).flatMap(({ id }) => (closed.has(id) ? [] : [id]));
		const opens = over ? [...closed] : [];
		if (over) {
			closed = new Set();
			mm = 0;
		}
		for (const id of closes) closed.add(id);
		hours.push({ hour, mm, hourMm });
		if (closes.length + opens.length > 0) steps.push({ hour, closes, opens });
		// What follows is dry, and nothing is left to open.
		if (hour >= hourlyMm.length && closed.size === 0) break;
	}
	return { hours, steps };
}

/** Rain and closed rules at a time, hours since it began; after the end all is dry and open. */
export function rainAt({ hours, steps }: RainCourse, time: number): RainHour & { closed: readonly string[] } {
	const passed = hours.findLast(({ hour }) => hour <= time) ?? hours[0]!;
	const closed = new Set<string>();
	for (const step of steps) {
		if (step.hour > time) break;
		for (const id of step.opens) closed.delete(id);
		for (const id of step.closes) closed.add(id);
	}
	return { ...passed, closed: [...closed] };
}
