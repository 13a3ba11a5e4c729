/** Vans, crews and doctors as rows of the schedule, with what stands on each day. */
import type { DoctorRecord, FleetVehicle, Shift, StaffMember, Visit } from '@junkai/contracts';
import { vehicleClassSizes } from '@junkai/contracts';
import type { Language } from '../../../shared/i18n/format.ts';
import { formatTime } from '../../../shared/i18n/format.ts';
import { timeOf } from '../../../shared/records/dates.ts';
import { barredBy, barsShort } from './bars.ts';
import { doctorName, nameText, vehicleName, type T } from './record-words.ts';
import type { RegionFacts } from './region-facts.ts';
import type { Resources } from './resource-form.tsx';
import { doctorHours, isWholeDay, partOfDay, shiftOn, workMinutes, type Minutes } from './schedule.ts';
import type { CellItem, GridRow } from './schedule-grid.tsx';
import type { Conflicts, Severity } from './use-conflicts.ts';

/** What is open, or is to be opened, in the side form. */
export type Opened =
	| { kind: 'vehicle' | 'staff' | 'doctor'; id: number; day?: string }
	| { kind: 'vehicle' | 'staff' | 'doctor'; id: null }
	| { kind: 'shift'; id: number }
	| { kind: 'shift'; id: null; vehicle?: string; day?: string };

export interface RowsContext {
	t: T;
	language: Language;
	resources: Resources;
	visits: readonly Visit[];
	facts: RegionFacts;
	conflicts: Conflicts;
	days: readonly string[];
	surge: boolean;
	opened: Opened | null;
	open: (next: Opened) => void;
}

const worse = (a: Severity | null, b: Severity | null): Severity | null => (a === 'error' || b === 'error' ? 'error' : (a ?? b));
const spanWords = (t: T, part: Minutes): string =>
	isWholeDay(part) ? t('registry.resources.allDay') : `${timeOf(part[0])}–${timeOf(part[1])}`;
const isOpen = (opened: Opened | null, kind: Opened['kind'], id: number): boolean => opened?.kind === kind && opened.id === id;

function awayItems(
	{ t, open }: RowsContext,
	spans: readonly { from: number; until: number | null; reason: string }[],
	day: string,
	look: { kind: 'out' | 'absence'; word: string; conflict: Severity | null; opened: Opened },
): CellItem[] {
	return spans.flatMap((span, index) => {
		const part = partOfDay(span, day);
		if (part === null) return [];
		return [
			{
				key: `${look.kind}-${index}`,
				kind: look.kind,
				text: `${look.word} ${isWholeDay(part) ? '' : spanWords(t, part)}`.trim(),
				...(span.reason !== '' && { small: span.reason }),
				conflict: look.conflict,
				onOpen: () => open(look.opened),
			},
		];
	});
}

function crewText({ t, resources }: RowsContext, shift: Shift): string {
	const name = (id: number | null): string | null => resources.staff.find((one) => one.id === id)?.name.family ?? null;
	return [name(shift.driver) ?? t('registry.resources.noDriver'), name(shift.nurse) ?? t('registry.resources.noNurse')].join('・');
}

function shiftItem(context: RowsContext, shift: Shift, day: string, small: string): CellItem {
	const { conflicts, open } = context;
	return {
		key: `shift-${shift.id}`,
		kind: 'shift',
		text: shift.hours.join('–'),
		small,
		conflict: conflicts.of('shift', shift.id, day),
		onOpen: () => open({ kind: 'shift', id: shift.id }),
	};
}

export function vehicleRow(context: RowsContext, vehicle: FleetVehicle): GridRow {
	const { t, resources, facts, conflicts, surge, open, opened } = context;
	const shifts = resources.shifts.filter((shift) => shift.vehicle === vehicle.vehicle && shift.surge === surge);
	const barred = barredBy(vehicle.size ?? vehicleClassSizes[vehicle.class], facts.limits);
	return {
		key: `vehicle-${vehicle.id}`,
		name: vehicle.name,
		detail: `${t(`registry.vehicle.classes.${vehicle.class}`)} · ${barsShort(t, barred)}`,
		band: surge,
		selected: isOpen(opened, 'vehicle', vehicle.id),
		onOpen: () => open({ kind: 'vehicle', id: vehicle.id }),
		onAdd: (day) => open({ kind: 'shift', id: null, vehicle: vehicle.vehicle, day }),
		conflict: (day) => conflicts.of('vehicle', vehicle.id, day),
		items: (day) => {
			const about = conflicts.of('vehicle', vehicle.id, day);
			return [
				...shifts.filter((shift) => shiftOn(shift, day)).map((shift) => shiftItem(context, shift, day, crewText(context, shift))),
				...awayItems(context, vehicle.outages, day, {
					kind: 'out',
					word: t('registry.resources.out'),
					conflict: about,
					opened: { kind: 'vehicle', id: vehicle.id },
				}),
			];
		},
	};
}

export function staffRow(context: RowsContext, member: StaffMember): GridRow {
	const { t, resources, conflicts, days, open, opened } = context;
	const shifts = resources.shifts.filter(({ driver, nurse }) => driver === member.id || nurse === member.id);
	const minutes = days.reduce(
		(sum, day) => sum + shifts.filter((shift) => shiftOn(shift, day)).reduce((total, shift) => total + workMinutes(shift), 0),
		0,
	);
	return {
		key: `staff-${member.id}`,
		name: nameText(member.name),
		detail: member.roles.map((role) => t(`registry.staff.role.${role}`)).join('・'),
		band: member.surge,
		total: t('registry.resources.hoursWeek', { hours: Math.round(minutes / 6) / 10 }),
		selected: isOpen(opened, 'staff', member.id),
		onOpen: () => open({ kind: 'staff', id: member.id }),
		onAdd: (day) => open({ kind: 'staff', id: member.id, day }),
		conflict: (day) => conflicts.of('staff', member.id, day),
		items: (day) => {
			const about = conflicts.of('staff', member.id, day);
			return [
				...shifts
					.filter((shift) => shiftOn(shift, day))
					.map((shift) => {
						const item = shiftItem(context, shift, day, vehicleName(shift.vehicle, resources.fleet));
						return { ...item, conflict: worse(item.conflict, about) };
					}),
				...awayItems(context, member.absences, day, {
					kind: 'absence',
					word: t('registry.resources.absent'),
					conflict: about,
					opened: { kind: 'staff', id: member.id },
				}),
			];
		},
	};
}

export function doctorRow(context: RowsContext, doctor: DoctorRecord): GridRow {
	const { t, language, facts, visits, conflicts, open, opened } = context;
	const booked = Map.groupBy(
		visits.filter(({ planned, state }) => planned?.doctor === doctor.id && state !== 'cancelled'),
		({ planned }) => planned?.date ?? '',
	);
	const outside = doctor.institution === null;
	return {
		key: `doctor-${doctor.id}`,
		name: doctorName(doctor, language),
		detail: (
			<>
				{doctor.specialties.map((one) => t(`registry.specialty.${one}`)).join('・')}
				{outside && (
					<span className="chip chip-outside" title={doctor.from}>
						{t('registry.resources.outside', { region: facts.name })}
					</span>
				)}
			</>
		),
		band: doctor.surge,
		selected: isOpen(opened, 'doctor', doctor.id),
		onOpen: () => open({ kind: 'doctor', id: doctor.id }),
		onAdd: (day) => open({ kind: 'doctor', id: doctor.id, day }),
		conflict: (day) => conflicts.of('doctor', doctor.id, day),
		items: (day) => {
			const about = conflicts.of('doctor', doctor.id, day);
			const consults = booked.get(day) ?? [];
			return [
				...doctorHours(doctor, day).map(({ hours, extra }, index): CellItem => ({
					key: `hours-${index}`,
					kind: extra ? 'extra' : 'hours',
					text: `${timeOf(hours[0])}–${timeOf(hours[1])}`,
					conflict: null,
					onOpen: () => open({ kind: 'doctor', id: doctor.id }),
				})),
				...(consults.length === 0
					? []
					: [
							{
								key: 'consults',
								kind: 'consult' as const,
								text: t('registry.resources.consults', { count: consults.length }),
								small: consults
									.flatMap(({ planned }) => (planned === null ? [] : [formatTime(planned.from)]))
									.toSorted()
									.join(' '),
								conflict: about,
								onOpen: () => open({ kind: 'doctor', id: doctor.id }),
							},
						]),
				...awayItems(context, doctor.absences, day, {
					kind: 'absence',
					word: t('registry.resources.absent'),
					conflict: about,
					opened: { kind: 'doctor', id: doctor.id },
				}),
			];
		},
	};
}
