/** What a record says of the region must be so, and what it says of itself must go together; beyond what its schema can see. */
import type { CalendarDate, CarePlace, KeptKind, PatientBody, Problem, RequestBody } from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import { addDays } from './calendar.ts';
import type { BodyOf } from './kinds.ts';
import { windowsWithoutDay } from './recurrence.ts';

export type Fault = NonNullable<Problem['errors']>[number];

/** Names of the region, for quick look-up. */
export interface RegionFacts {
	readonly region: Region;
	readonly settlements: ReadonlyMap<string, Region['settlements'][number]>;
	readonly facilities: ReadonlySet<string>;
	readonly edges: ReadonlySet<string>;
	readonly rules: ReadonlyMap<string, Region['closures'][number]>;
}

export const factsOf = (region: Region): RegionFacts => ({
	region,
	settlements: new Map(region.settlements.map((one) => [one.id, one])),
	facilities: new Set(region.facilities.map(({ id }) => id)),
	edges: new Set(region.roads.map(({ id }) => id)),
	rules: new Map(region.closures.map((one) => [one.id, one])),
});

type Check<K extends KeptKind> = (body: BodyOf<K>, facts: RegionFacts, today: CalendarDate) => readonly Fault[];

const checks: { readonly [K in KeptKind]?: Check<K> } = {
	patient: (body, facts, today) => [...placeFaults('home', body.home, facts), ...timeFaults(body, today)],
	request: (body, facts) => [
		...facilityFaults('institution', body.institution, facts),
		...meetingFaults(body, facts),
		...dayFaults(body),
	],
	'fleet-vehicle': ({ base }, facts) => facilityFaults('base', base, facts),
	staff: ({ base }, facts) => facilityFaults('base', base, facts),
	doctor: ({ institution }, facts) => facilityFaults('institution', institution, facts),
	closure: ({ shape }, facts) => {
		const unknown = (field: string, names: readonly string[], known: { has(name: string): boolean }, what: string): Fault[] =>
			names.flatMap((name, at) =>
				known.has(name) ? [] : [{ field: `shape.${field}.${at}`, message: `the region has no ${what} "${name}"` }],
			);
		switch (shape.kind) {
			case 'edges':
				return unknown('edges', shape.edges, facts.edges, 'road edge');
			case 'rules':
				return unknown('rules', shape.rules, facts.rules, 'rain rule');
			case 'rain':
				return shape.mm === null && shape.hourMm === null
					? [{ field: 'shape.mm', message: 'a rainfall is needed: since it began, or within an hour' }]
					: [];
			case 'polygon':
				return [];
		}
	},
};

/** Faults of a body, each with its field. Those that it had before are not held against a change. */
export function faultsOf<K extends KeptKind>(
	kind: K,
	body: BodyOf<K>,
	before: BodyOf<K> | null,
	facts: RegionFacts,
	today: CalendarDate,
): readonly Fault[] {
	const check = checks[kind];
	if (check === undefined) return [];
	const faults = check(body, facts, today);
	if (faults.length === 0 || before === null) return faults;
	const known = new Set(check(before, facts, today).map(({ field, message }) => `${field} ${message}`));
	return faults.filter(({ field, message }) => !known.has(`${field} ${message}`));
}

/** Nobody lived longer than 122 years. */
const LONGEST_LIFE_DAYS = 130 * 366;

function timeFaults({ birthDate, consents }: PatientBody, today: CalendarDate): Fault[] {
	const faults: Fault[] = [];
	if (birthDate > today) faults.push({ field: 'birthDate', message: 'the day lies after today' });
	else if (birthDate < addDays(today, -LONGEST_LIFE_DAYS)) faults.push({ field: 'birthDate', message: 'nobody is that old' });
	for (const [at, { date }] of consents.entries()) {
		if (date > today) faults.push({ field: `consents.${at}.date`, message: 'the day lies after today' });
	}
	return faults;
}

function placeFaults(field: string, { settlement }: CarePlace, { settlements }: RegionFacts): Fault[] {
	if (settlement === null || settlements.has(settlement)) return [];
	return [{ field: `${field}.settlement`, message: `the region has no settlement "${settlement}"` }];
}

function facilityFaults(field: string, id: string | null, { facilities }: RegionFacts): Fault[] {
	return id === null || facilities.has(id) ? [] : [{ field, message: `the region has no facility "${id}"` }];
}

function meetingFaults({ place }: RequestBody, facts: RegionFacts): Fault[] {
	if (place.kind === 'home') return [];
	if (place.kind === 'elsewhere') return placeFaults('place.place', place.place, facts);
	const settlement = facts.settlements.get(place.settlement);
	if (settlement === undefined)
		return [{ field: 'place.settlement', message: `the region has no settlement "${place.settlement}"` }];
	if (settlement.stop === undefined) {
		return [{ field: 'place.settlement', message: `${settlement.name} has no named meeting place; choose another or the home` }];
	}
	return [];
}

function dayFaults(body: RequestBody): Fault[] {
	const { recurrence, from } = body;
	if (recurrence?.until && recurrence.until < from) {
		return [{ field: 'recurrence.until', message: 'the repetition ends before the first visit may be' }];
	}
	const at = windowsWithoutDay(body);
	if (at === null) return [];
	const message =
		at === 1
			? 'none of these days of the week lies between the first and the last day'
			: `visit ${at} would fall on none of these days of the week; allow it to be earlier or later, or repeat by whole weeks`;
	return [{ field: 'weekdays', message }];
}
