/** What does not go together in a period: shifts, rests, absences, outages and the plan. */
import type { CalendarDate, ResourceConflict, StaffMember } from '@junkai/contracts';
import { addDays, datesOf, weekdayOf } from '../calendar.ts';
import { gently } from '../gentle.ts';
import type { Records } from '../records.ts';
import { resourcesOf, shiftsOn } from '../resources.ts';
import { conflictsOfPlan } from './planned.ts';
import { conflictsOfDay, conflictsOfShift, conflictsOfWeek, workBy } from './shifts.ts';

/**
 * Conflicts of the days from `from` to `until`, both included: first those of shifts on whichever of their days (date null), then by
 * day. Those who come only in an emergency count with `surge`; the plan is always held against all.
 */
export async function conflictsBetween(
	records: Records,
	from: CalendarDate,
	until: CalendarDate,
	surge: boolean,
): Promise<ResourceConflict[]> {
	const { calendar } = records;
	const resources = await resourcesOf(records);
	const planned = Map.groupBy(await records.visits.between(from, until, { state: 'planned' }), (visit) => visit.planned!.date);
	const visits = [...planned].filter(([date]) => from <= date && date <= until).flatMap(([, all]) => all);
	const [requests, patients] = await Promise.all([
		records.requests.find([...new Set(visits.map(({ request }) => request))]),
		records.patients.find([...new Set(visits.map(({ patient }) => patient))]),
	]);
	const facts = {
		calendar,
		resources,
		needs: new Map(requests.map(({ id, need }) => [id, need])),
		names: new Map(patients.map(({ id, name }) => [id, `${name.family} ${name.given}`])),
	};
	const worked = resources.shifts.filter((shift) => shift.from <= until && shift.until >= from && (surge || !shift.surge));
	const standing = await gently(worked, (shift) => conflictsOfShift(shift, resources));
	let week = new Map<StaffMember, number>();
	const begin = addDays(from, -weekdayOf(from));
	const end = addDays(until, 6 - weekdayOf(until));
	const daily = await gently(datesOf(begin, end), (date) => {
		const days = shiftsOn(resources, date, { calendar, surge });
		if (weekdayOf(date) === 0) week = new Map();
		for (const [person, minutes] of workBy(days)) week.set(person, (week.get(person) ?? 0) + minutes);
		const inside = from <= date && date <= until;
		const sunday = addDays(date, -6);
		return [
			...(inside ? conflictsOfDay(date, days) : []),
			...(inside ? conflictsOfPlan(date, planned.get(date) ?? [], facts) : []),
			// Told on the first day of the week that is asked for.
			...(weekdayOf(date) === 6 ? conflictsOfWeek(sunday < from ? from : sunday, week) : []),
		];
	});
	const dated = daily.flat().toSorted((a, b) => (a.date! < b.date! ? -1 : a.date! > b.date! ? 1 : 0));
	return [...standing.flat(), ...dated];
}
