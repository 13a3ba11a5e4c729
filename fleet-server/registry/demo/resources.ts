/** Vehicles, crews and doctors of the demonstration. Bases and institutions are real, people and hours are invented. */
import type { CalendarDate, DoctorBody, EquipmentKind, FleetVehicleBody, ShiftBody, StaffBody, TimeOfDay } from '@junkai/contracts';
import type { CareDoctor, CareVan, Period } from '../../dispatch/care.ts';
import type { Random } from '../../planner/random.ts';
import type { Change } from '../batch.ts';
import { addDays } from '../calendar.ts';
import { worker } from './names.ts';

const timeOf = (seconds: number): TimeOfDay =>
	`${String(Math.floor(seconds / 3600)).padStart(2, '0')}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}`;
const hoursOf = ([from, to]: Period): [TimeOfDay, TimeOfDay] => [timeOf(from), timeOf(to)];

/** Eight hours of work and an hour of rest: five such days make the forty hours of a week (労働基準法 32条). */
const WEEKDAY_HOURS: [TimeOfDay, TimeOfDay] = ['08:15', '17:15'];
const SATURDAY_HOURS: [TimeOfDay, TimeOfDay] = ['08:30', '12:30'];
const REST: ShiftBody['rest'] = { minutes: 60, between: ['11:30', '13:30'] };
const NO_REST: ShiftBody['rest'] = { minutes: 0, between: ['11:30', '12:30'] };
const weekdays = [1, 2, 3, 4, 5];
/** Shifts are known for so long. */
const SHIFT_DAYS = 180;

/** What vans carry beyond what the planner's days know. */
function equipmentOf(van: CareVan, index: number): EquipmentKind[] {
	const more: EquipmentKind[] = [];
	if (index % 3 !== 1) more.push('ecg');
	if (index % 4 === 1) more.push('spirometer');
	if (index % 5 === 2) more.push('blood-analyser');
	if (van.class === 'van' && index % 2 === 0) more.push('wheelchair-lift');
	return [...more, ...van.equipment];
}

interface Numbers {
	/** The next free number of a member of staff. */
	readonly staff: () => number;
}

/** Each van with its crew for Monday to Friday; every other one also goes on Saturday morning, with a crew of its own. */
export function fleetChanges(vans: readonly CareVan[], date: CalendarDate, numbers: Numbers, random: Random): Change[] {
	const changes: Change[] = [];
	const hire = (base: string, roles: StaffBody['roles'], surge: boolean, note: string): number => {
		const id = numbers.staff();
		const phone = `0735-00-${String(random.below(10_000)).padStart(4, '0')}`;
		const body: StaffBody = { ...worker(random), roles, base, phone, surge, absences: [], note };
		changes.push({ kind: 'staff', op: 'create', id, body });
		return id;
	};
	const shift = (vehicle: string, crew: [driver: number, nurse: number], change: Partial<ShiftBody>): void => {
		const [driver, nurse] = crew;
		const usual = {
			from: date,
			until: addDays(date, SHIFT_DAYS),
			except: [],
			weekdays,
			hours: WEEKDAY_HOURS,
			rest: REST,
			surge: false,
		};
		changes.push({ kind: 'shift', op: 'create', body: { vehicle, driver, nurse, ...usual, ...change } });
	};
	for (const [index, van] of vans.entries()) {
		const { vehicle, base } = van;
		const body: FleetVehicleBody = {
			vehicle,
			name: `${index + 1}号車`,
			base,
			class: van.class,
			size: null,
			equipment: equipmentOf(van, index),
			outages: [],
			note: '',
		};
		changes.push({ kind: 'fleet-vehicle', op: 'create', body });
		shift(
			vehicle,
			[hire(base, ['driver'], false, ''), hire(base, index % 4 === 0 ? ['nurse', 'driver'] : ['nurse'], false, '')],
			{},
		);
		if (index % 2 === 0) {
			const crew: [number, number] = [hire(base, ['driver'], false, '土曜のみ'), hire(base, ['nurse'], false, '土曜のみ')];
			shift(vehicle, crew, { weekdays: [6], hours: SATURDAY_HOURS, rest: NO_REST });
		}
		// In an emergency one van in five goes on into the evening with people who are called in.
		if (index % 5 === 0) {
			const crew: [number, number] = [hire(base, ['driver'], true, '応援'), hire(base, ['nurse'], true, '応援')];
			shift(vehicle, crew, { weekdays: [0, 1, 2, 3, 4, 5, 6], hours: ['17:30', '21:00'], rest: NO_REST, surge: true });
		}
	}
	return changes;
}

const outside = ['大阪府の大学病院（架空）', '奈良県の総合病院（架空）'];
/** Days of the week of the doctors who do not come every day, by their place in the list. */
const partTime: readonly (readonly number[])[] = [
	[1, 3, 5],
	[2, 4],
	[1, 2, 4],
];
const FIRST_PART_TIME = 4;
const SURGE_DOCTORS = 2;

/** The first ones are there every day, so that no specialty is missing; the last two of six or more work outside the prefecture. */
export function doctorChanges(all: readonly CareDoctor[], count: number): Change[] {
	return all.slice(0, count + SURGE_DOCTORS).map((doctor, index): Change => {
		const surge = index >= count;
		const isOutside = !surge && count >= 6 && index >= count - 2;
		const some = !surge && index >= FIRST_PART_TIME && isCovered(all, index) ? partTime[index % partTime.length]! : weekdays;
		const body: DoctorBody = {
			name: doctor.name,
			specialties: [...doctor.specialties],
			institution: isOutside ? null : doctor.institution,
			from: isOutside ? outside[index % outside.length]! : '',
			weekly: [{ weekdays: surge ? [0, ...weekdays, 6] : [...some], hours: doctor.hours.map(hoursOf) }],
			extra: [],
			absences: [],
			span: null,
			surge,
			user: index === 0 ? 'doctor' : null,
			phone: null,
			note: surge ? '応援' : '',
		};
		return { kind: 'doctor', op: 'create', body };
	});
}

/** Whether somebody before has all specialties of this one. */
const isCovered = (all: readonly CareDoctor[], index: number): boolean =>
	all[index]!.specialties.every((specialty) => all.slice(0, index).some((other) => other.specialties.includes(specialty)));
