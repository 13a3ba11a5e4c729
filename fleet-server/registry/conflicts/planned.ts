/** What the plan asks of vehicles and doctors that are not there. */
import type { CareNeed, ResourceConflict, Visit } from '@junkai/contracts';
import { treatments } from '../../dispatch/care.ts';
import { joined, without, type Calendar, type Span } from '../calendar.ts';
import { absencesOf, offeredOn, outagesOf, shared, shiftsOn, type Resources } from '../resources.ts';
import { aboutVehicle } from './shifts.ts';

const MINUTE_MS = 60_000;

export interface PlannedFacts {
	readonly calendar: Calendar;
	readonly resources: Resources;
	/** By the number of the request. */
	readonly needs: ReadonlyMap<number, CareNeed>;
	/** By the number of the patient. */
	readonly names: ReadonlyMap<number, string>;
}

/** What is wrong with the visits that are planned for one day. */
export function conflictsOfPlan(date: string, visits: readonly Visit[], facts: PlannedFacts): ResourceConflict[] {
	const { resources, calendar, names } = facts;
	const shifts = shiftsOn(resources, date, { calendar, surge: true });
	return visits.flatMap((visit) => {
		const { planned } = visit;
		if (planned === null) return [];
		const about = { kind: 'visit' as const, id: visit.id, name: names.get(visit.patient) ?? String(visit.patient) };
		const stay: Span = [planned.from, planned.to];
		const found: ResourceConflict[] = [];
		const vehicle = resources.fleet.find((one) => one.vehicle === planned.vehicle);
		if (vehicle) {
			const on = [aboutVehicle(vehicle), about];
			const worked = joined(shifts.filter((one) => one.vehicle.id === vehicle.id).map(({ span }) => span));
			if (!worked.some(([from, to]) => from <= stay[0] && stay[1] <= to)) {
				found.push({ kind: 'planned-without-shift', severity: 'error', date, about: on, minutes: null });
			}
			const out = joined(outagesOf(vehicle)).reduce((sum, one) => sum + shared(stay, one), 0);
			if (out > 0) {
				found.push({ kind: 'planned-while-out', severity: 'error', date, about: on, minutes: Math.ceil(out / MINUTE_MS) });
			}
		}
		const doctor = resources.doctors.find(({ id }) => id === planned.doctor);
		if (doctor) {
			const kind = doctorConflict(visit, stay, doctor, facts);
			if (kind !== null) {
				const on = [{ kind: 'doctor' as const, id: doctor.id, name: doctor.name.ja }, about];
				found.push({ kind, severity: 'error', date, about: on, minutes: null });
			}
		}
		return found;
	});
}

/** The doctor joins for a part of the stay; it is enough that so long a time is left in it. */
function doctorConflict(
	visit: Visit,
	stay: Span,
	doctor: Resources['doctors'][number],
	{ calendar, needs }: PlannedFacts,
): 'doctor-planned-while-absent' | 'doctor-planned-outside-hours' | null {
	const need = needs.get(visit.request);
	const consult = need === undefined ? null : treatments[need].consult;
	const [from, to] = stay;
	// Between the nurse's preparation and what she does afterwards.
	const inner: Span = consult === null ? stay : [from + consult.preparation * 1000, to - consult.rest * 1000];
	const window = inner[0] < inner[1] ? inner : stay;
	const length = Math.min(consult === null ? 0 : consult.duration * 1000, window[1] - window[0]);
	const fits = (hours: readonly Span[]): boolean => hours.some((one) => shared(one, window) >= Math.max(length, 1));
	const offered = offeredOn(doctor, visit.planned!.date, calendar);
	if (!fits(offered)) return 'doctor-planned-outside-hours';
	return fits(without(offered, absencesOf(doctor))) ? null : 'doctor-planned-while-absent';
}
