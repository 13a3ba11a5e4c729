/** Who and what can go: vehicles, crews with their shifts, doctors with their hours; and what does not go together. */
import { z } from 'zod';
import { equipmentKind, specialty } from '../plan.ts';
import { timestamp } from '../records.ts';
import { vehicleId } from '../topics.ts';
import { calendarDate, dateSpan, dayHours, hours, weekdays } from './calendar.ts';
import { personName, phoneNumber } from './patients.ts';
import { kept, recordNumber, recordOperations } from './record.ts';
import type { Operation } from '../operation.ts';

const words = z.string().trim().max(300);
const name = z.string().trim().min(1).max(100);
const facility = z.string().min(1).max(64).meta({ description: 'Id of a facility of the region.' });

/** Kei van, high-roof van, screening truck: sizes of usual models. */
export const vehicleClassNames = ['kei', 'van', 'truck'] as const;

/** Sizes of usual models, metres and tonnes, for vehicles that say none of their own. */
export const vehicleClassSizes = {
	kei: { width: 1.48, height: 2, length: 3.4, weight: 1.2 },
	van: { width: 1.88, height: 2.3, length: 5.4, weight: 3.2 },
	truck: { width: 2.49, height: 3.4, length: 8.5, weight: 7.9 },
} as const;

/** Metres and tonnes. */
export const vehicleSize = z
	.object({
		width: z.number().min(1).max(3),
		height: z.number().min(1).max(4.5),
		length: z.number().min(2).max(20),
		weight: z.number().min(0.5).max(40),
	})
	.meta({ id: 'VehicleSize' });

/** From, included, until, excluded; open-ended when null. */
export const outage = z
	.object({ from: timestamp, until: timestamp.nullable(), reason: words })
	.refine(({ from, until }) => until === null || from < until, { message: 'it ends before it begins', path: ['until'] })
	.meta({ id: 'Outage' });
export type Outage = z.infer<typeof outage>;

export const fleetVehicleBody = z
	.object({
		vehicle: vehicleId,
		name,
		base: facility,
		class: z.enum(vehicleClassNames),
		size: vehicleSize.nullable().meta({ description: 'Its own measures, where they differ from those of its class.' }),
		equipment: z.array(equipmentKind).max(10),
		outages: z.array(outage).max(100).meta({ description: 'When it cannot go: inspection, repair, breakdown.' }),
		note: words,
	})
	.meta({ id: 'FleetVehicleBody' });
export type FleetVehicleBody = z.infer<typeof fleetVehicleBody>;
export const fleetVehicle = z.object({ ...kept, ...fleetVehicleBody.shape }).meta({ id: 'FleetVehicle' });
export type FleetVehicle = z.infer<typeof fleetVehicle>;

export const absence = z
	.object({ from: timestamp, until: timestamp, reason: words })
	.refine(({ from, until }) => from < until, { message: 'it ends before it begins', path: ['until'] })
	.meta({ id: 'Absence' });
export type Absence = z.infer<typeof absence>;

export const staffRoles = ['driver', 'nurse'] as const;
export const staffBody = z
	.object({
		name: personName,
		kana: personName.nullable(),
		roles: z.array(z.enum(staffRoles)).min(1).max(2).meta({ description: 'A nurse may drive as well.' }),
		base: facility,
		phone: phoneNumber.nullable(),
		surge: z.boolean().meta({ description: 'Only in an emergency.' }),
		absences: z.array(absence).max(200),
		note: words,
	})
	.meta({ id: 'StaffBody' });
export type StaffBody = z.infer<typeof staffBody>;
export const staffMember = z.object({ ...kept, ...staffBody.shape }).meta({ id: 'StaffMember' });
export type StaffMember = z.infer<typeof staffMember>;

/** A crew in a vehicle on certain days. */
export const shiftBody = z
	.object({
		vehicle: vehicleId,
		driver: recordNumber.nullable(),
		nurse: recordNumber.nullable(),
		from: calendarDate,
		until: calendarDate,
		weekdays: weekdays.min(1, 'on at least one day of the week'),
		except: z.array(calendarDate).max(400),
		hours,
		rest: z
			.object({ minutes: z.int().min(0).max(180), between: hours })
			.meta({ description: 'The break, taken wholly between these times. Over 6 hours of work take 45 minutes, over 8 hours 60.' }),
		surge: z.boolean(),
	})
	.refine(({ from, until }) => from <= until, { message: 'the last day is before the first', path: ['until'] })
	.meta({ id: 'ShiftBody' });
export type ShiftBody = z.infer<typeof shiftBody>;
export const shift = z.object({ ...kept, ...shiftBody.shape }).meta({ id: 'Shift' });
export type Shift = z.infer<typeof shift>;

export const doctorBody = z
	.object({
		name: z.object({ ja: name, en: name }),
		specialties: z.array(specialty).min(1).max(10),
		institution: facility.nullable().meta({ description: 'Null for a doctor from outside of the region.' }),
		from: words.meta({ description: 'Where a doctor from outside works: prefecture and institution, in words.' }),
		weekly: z
			.array(z.object({ weekdays: weekdays.min(1), hours: dayHours }))
			.max(14)
			.meta({ description: 'Hours that return each week.' }),
		extra: z.array(z.object({ date: calendarDate, hours: dayHours })).max(400),
		absences: z.array(absence).max(200),
		span: dateSpan.nullable().meta({ description: 'Only on these days; null: without an end.' }),
		surge: z.boolean().meta({ description: 'Only in an emergency.' }),
		user: z.string().max(64).nullable().meta({ description: 'Name with which the doctor signs in.' }),
		phone: phoneNumber.nullable(),
		note: words,
	})
	.meta({ id: 'DoctorBody' });
export type DoctorBody = z.infer<typeof doctorBody>;
export const doctorRecord = z.object({ ...kept, ...doctorBody.shape }).meta({ id: 'DoctorRecord' });
export type DoctorRecord = z.infer<typeof doctorRecord>;

/** What cannot be, or should not. The desk says it in words. */
export const conflictKinds = [
	'staff-twice',
	'staff-absent',
	'staff-role',
	'no-driver',
	'no-nurse',
	'vehicle-twice',
	'vehicle-out',
	'rest-too-short',
	'rest-outside-hours',
	'day-too-long',
	'week-too-long',
	'doctor-planned-while-absent',
	'doctor-planned-outside-hours',
	'planned-without-shift',
	'planned-while-out',
] as const;
export const conflict = z
	.object({
		kind: z.enum(conflictKinds),
		severity: z.enum(['error', 'warning']),
		date: calendarDate.nullable(),
		about: z
			.array(z.object({ kind: z.enum(['vehicle', 'staff', 'shift', 'doctor', 'visit']), id: recordNumber, name: z.string() }))
			.min(1)
			.max(20),
		minutes: z.int().nullable().meta({ description: 'By how much, where there is such a figure.' }),
	})
	.meta({ id: 'ResourceConflict' });
export type ResourceConflict = z.infer<typeof conflict>;

const planners = ['dispatcher', 'admin'] as const;
const any = z.object({});
const common = { read: planners, write: planners, query: any } as const;
export const resourceOperations = {
	...recordOperations({
		...common,
		one: 'fleetVehicle',
		many: 'fleetVehicles',
		path: '/fleet',
		noun: 'vehicle of the fleet',
		body: fleetVehicleBody,
		stored: fleetVehicle,
	}),
	...recordOperations({
		...common,
		one: 'staffMember',
		many: 'staff',
		path: '/staff',
		noun: 'member of staff',
		body: staffBody,
		stored: staffMember,
	}),
	...recordOperations({ ...common, one: 'shift', many: 'shifts', path: '/shifts', noun: 'shift', body: shiftBody, stored: shift }),
	...recordOperations({
		...common,
		one: 'doctor',
		many: 'doctors',
		path: '/doctors',
		noun: 'doctor',
		body: doctorBody,
		stored: doctorRecord,
		read: ['dispatcher', 'admin', 'doctor', 'crew'],
	}),
	listConflicts: {
		method: 'get',
		path: '/conflicts',
		id: 'listConflicts',
		summary: 'What does not go together in a period: shifts, rests, absences, outages and the plan',
		roles: planners,
		query: z.object({ from: calendarDate, until: calendarDate, surge: z.enum(['true', 'false']).optional() }),
		responses: { 200: { description: 'Conflicts, by day', schema: z.array(conflict) } },
	},
} as const satisfies Record<string, Operation>;
