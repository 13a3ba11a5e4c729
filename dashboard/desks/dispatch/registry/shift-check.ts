/** What a shift would collide with, before it is saved: as far as the records in this browser tell. */
import type { CalendarDate, FleetVehicle, Shift, ShiftBody, StaffMember } from '@junkai/contracts';
import { addDays } from '../../../shared/records/dates.ts';
import { daysOf, legalRest, minutesOfHours, overlap, partOfDay, shiftOn, workMinutes } from './schedule.ts';

export type ShiftFault =
	| 'staff-twice'
	| 'staff-absent'
	| 'staff-role'
	| 'no-driver'
	| 'no-nurse'
	| 'vehicle-twice'
	| 'vehicle-out'
	| 'rest-too-short'
	| 'rest-outside-hours'
	| 'day-too-long';

export interface FoundFault {
	kind: ShiftFault;
	/** Days on which it is so; none: on all of them. */
	days: CalendarDate[];
	staff: StaffMember | null;
	minutes: number | null;
}

export interface Known {
	shifts: readonly Shift[];
	staff: readonly StaffMember[];
	fleet: readonly FleetVehicle[];
}

/** Work of a day, without rests, beyond which it is overtime (Labour Standards Act, article 32), minutes. */
const longestDay = 480;
/** So far ahead it is looked. */
const reachDays = 62;

/**
 * @param own number of the shift that is changed; null for a new one
 * @param today days before it are not looked at
 */
export function checkShift(shift: ShiftBody, own: number | null, known: Known, today: CalendarDate): FoundFault[] {
	const first = shift.from > today ? shift.from : today;
	const last = addDays(first, reachDays);
	const days = daysOf(first, shift.until < last ? shift.until : last).filter((day) => shiftOn(shift, day));
	const others = known.shifts.filter(({ id }) => id !== own);
	return [...ofItself(shift, known.staff), ...ofVehicle(shift, days, others, known), ...ofCrew(shift, days, others, known)];
}

const fault = (kind: ShiftFault, more: Partial<FoundFault> = {}): FoundFault => ({
	kind,
	days: [],
	staff: null,
	minutes: null,
	...more,
});

function ofItself(shift: ShiftBody, staff: readonly StaffMember[]): FoundFault[] {
	const found: FoundFault[] = [];
	// Who may do both, does both while the other place is empty.
	const may = (id: number | null, role: 'driver' | 'nurse') => staff.find((one) => one.id === id)?.roles.includes(role) === true;
	if (shift.driver === null && !may(shift.nurse, 'driver')) found.push(fault('no-driver'));
	if (shift.nurse === null && !may(shift.driver, 'nurse')) found.push(fault('no-nurse'));
	const work = workMinutes(shift);
	const lacking = legalRest(work) - shift.rest.minutes;
	if (lacking > 0) found.push(fault('rest-too-short', { minutes: lacking }));
	const hours = minutesOfHours(shift.hours);
	const between = minutesOfHours(shift.rest.between);
	const room = Math.min(hours[1], between[1]) - Math.max(hours[0], between[0]);
	if (shift.rest.minutes > 0 && (between[0] < hours[0] || between[1] > hours[1] || room < shift.rest.minutes)) {
		found.push(fault('rest-outside-hours'));
	}
	if (work > longestDay) found.push(fault('day-too-long', { minutes: work - longestDay }));
	return found;
}

function ofVehicle(shift: ShiftBody, days: readonly CalendarDate[], others: readonly Shift[], { fleet }: Known): FoundFault[] {
	const hours = minutesOfHours(shift.hours);
	const vehicle = fleet.find((one) => one.vehicle === shift.vehicle);
	const twice = days.filter((day) =>
		others.some((one) => one.vehicle === shift.vehicle && shiftOn(one, day) && overlap(minutesOfHours(one.hours), hours)),
	);
	const out = days.filter((day) =>
		vehicle?.outages.some((outage) => {
			const part = partOfDay(outage, day);
			return part !== null && overlap(part, hours);
		}),
	);
	return [
		...(twice.length > 0 ? [fault('vehicle-twice', { days: twice })] : []),
		...(out.length > 0 ? [fault('vehicle-out', { days: out })] : []),
	];
}

function ofCrew(shift: ShiftBody, days: readonly CalendarDate[], others: readonly Shift[], { staff }: Known): FoundFault[] {
	const hours = minutesOfHours(shift.hours);
	const found: FoundFault[] = [];
	const places = [
		['driver', shift.driver],
		['nurse', shift.nurse],
	] as const;
	for (const [role, id] of places) {
		const member = staff.find((one) => one.id === id);
		if (member === undefined) continue;
		if (!member.roles.includes(role)) found.push(fault('staff-role', { staff: member }));
		// One person who drives and nurses is named once.
		if (role === 'nurse' && shift.driver === id) continue;
		const twice = days.filter((day) =>
			others.some(
				(one) => (one.driver === id || one.nurse === id) && shiftOn(one, day) && overlap(minutesOfHours(one.hours), hours),
			),
		);
		const absent = days.filter((day) =>
			member.absences.some((absence) => {
				const part = partOfDay(absence, day);
				return part !== null && overlap(part, hours);
			}),
		);
		if (twice.length > 0) found.push(fault('staff-twice', { staff: member, days: twice }));
		if (absent.length > 0) found.push(fault('staff-absent', { staff: member, days: absent }));
	}
	return found;
}
