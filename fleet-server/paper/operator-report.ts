/**
 * Plan and record of a period as an operator of 巡回診療 keeps it: where and when, what, with which vans and people, how much was done.
 * It is made of the records alone. What they do not know is left out here and stands as a blank on the page; nothing is made up. A
 * patient's own address is in none of it.
 */
import type { CalendarDate, OperatorReport, Visit } from '@junkai/contracts';
import type { Region } from '@junkai/regions';
import { placedVisits, type PlacedVisit } from '../coverage/placed-visits.ts';
import { inTwoLanguages, placeIndex } from '../coverage/places.ts';
import { shiftOn } from '../planning/resources.ts';
import { datesOf, type Records } from '../registry/index.ts';
import { fullName } from './persons.ts';
import { institutionOf } from './sheets.ts';

type Place = OperatorReport['places'][number];

export interface ReportInput {
	readonly from: CalendarDate;
	readonly until: CalendarDate;
	/** Service time. */
	readonly made: number;
}

export async function operatorReport(
	{ from, until, made }: ReportInput,
	{ region, records }: { region: Region; records: Records },
): Promise<OperatorReport> {
	const index = placeIndex(region);
	const all = await placedVisits(records, index, await records.visits.between(from, until));
	const dated = all.flatMap((one) => {
		const date = dateOf(one.visit, records);
		return date !== null && date >= from && date <= until ? [{ ...one, date }] : [];
	});
	// Whoever may be visited in the period and has no day yet.
	const open = all.filter(({ visit }) => visit.state === 'open' && visit.from >= from && visit.from <= until);
	const [fleet, staff, shifts, doctors] = await Promise.all([
		records.fleet.all(),
		records.staff.all(),
		records.shifts.all(),
		records.doctors.all(),
	]);
	const nameOfBase = (id: string): string => region.facilities.find((one) => one.id === id)?.name ?? '';
	const consults = Map.groupBy(dated, ({ visit }) => visit.planned?.doctor ?? 0);
	const days = datesOf(from, until);
	const atWork = new Set(
		shifts.filter((shift) => days.some((date) => shiftOn(shift, date))).flatMap(({ driver, nurse }) => [driver, nurse]),
	);
	return {
		from,
		until,
		made,
		region: region.name,
		places: placesOf(dated, open, region),
		services: servicesOf(dated),
		vehicles: fleet.map(({ vehicle, name, class: of, equipment, base }) => ({
			vehicle,
			name,
			class: of,
			equipment,
			base: nameOfBase(base),
			days: new Set(dated.filter(({ visit }) => visit.planned?.vehicle === vehicle).map(({ date }) => date)).size,
		})),
		staff: staff
			.filter(({ id }) => atWork.has(id))
			.map((one) => ({ name: fullName(one), roles: one.roles, base: nameOfBase(one.base) })),
		doctors: doctors.map((one) => ({
			name: one.name,
			specialties: one.specialties,
			institution: institutionOf(one, region),
			outside: one.institution === null,
			consults: consults.get(one.id)?.length ?? 0,
		})),
		totals: {
			days: new Set(dated.map(({ date }) => date)).size,
			patients: new Set(dated.map(({ patient }) => patient.id)).size,
			planned: dated.length,
			done: dated.filter(({ visit }) => visit.state === 'done').length,
			notDone: dated.filter(({ visit }) => visit.state === 'not-done').length,
			cancelled: all.filter(({ visit }) => visit.state === 'cancelled' && visit.from >= from && visit.from <= until).length,
			open: open.length,
		},
	};
}

/** The day on which a visit was made, or is to be made by the plan that holds; null: no plan has it. */
function dateOf({ state, planned, actual }: Visit, records: Records): CalendarDate | null {
	if (state === 'cancelled' || state === 'open') return null;
	return actual ? records.calendar.dateOf(actual.from) : (planned?.date ?? null);
}

type Dated = PlacedVisit & { readonly date: CalendarDate };

const keyOf = ({ settlement, atHome }: PlacedVisit): string => `${settlement?.id ?? ''} ${atHome}`;

function placesOf(dated: readonly Dated[], open: readonly PlacedVisit[], region: Region): Place[] {
	const municipalities = new Map(region.municipalities.map((one, order) => [one.id, { one, order }]));
	const waiting = Map.groupBy(open, keyOf);
	const groups = Map.groupBy([...dated, ...open], keyOf);
	return [...groups]
		.map(([key, visits]) => {
			const { settlement, atHome } = visits[0]!;
			const municipality = settlement && municipalities.get(settlement.municipality);
			const place: Place = {
				municipality: municipality ? inTwoLanguages(municipality.one) : { ja: '', en: '' },
				name: settlement?.name ?? '',
				stop: atHome ? null : (settlement?.stop ?? ''),
				dates: datesAt(dated.filter((one) => keyOf(one) === key)),
				open: waiting.get(key)?.length ?? 0,
			};
			return { place, order: municipality?.order ?? Infinity, id: settlement?.id ?? '' };
		})
		.toSorted((a, b) => a.order - b.order || a.id.localeCompare(b.id))
		.map(({ place }) => place);
}

function datesAt(visits: readonly Dated[]): Place['dates'] {
	const byDate = Map.groupBy(visits, ({ date }) => date);
	return [...byDate]
		.toSorted(([a], [b]) => (a < b ? -1 : 1))
		.map(([date, own]) => {
			const times = own.map(({ visit }) => timesOf(visit));
			return {
				date,
				from: Math.min(...times.map(([begin]) => begin)),
				to: Math.max(...times.map(([, end]) => end)),
				vehicles: [...new Set(own.flatMap(({ visit }) => visit.actual?.vehicle ?? visit.planned?.vehicle ?? []))].toSorted(),
				visits: own.length,
				done: own.filter(({ visit }) => visit.state === 'done').length,
			};
		});
}

/** As it was made; else as it is planned. One of both there is. */
function timesOf({ planned, actual }: Visit): readonly [number, number] {
	if (actual) return [actual.from, actual.to ?? actual.from];
	return [planned!.from, planned!.to];
}

function servicesOf(dated: readonly Dated[]): OperatorReport['services'] {
	return [...Map.groupBy(dated, ({ request }) => request.need)]
		.map(([need, own]) => ({
			need,
			planned: own.length,
			done: own.filter(({ visit }) => visit.state === 'done').length,
			withDoctor: own.filter(({ visit }) => visit.planned?.doctor != null).length,
		}))
		.toSorted((a, b) => b.planned - a.planned);
}
