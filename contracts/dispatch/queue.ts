/** What a doctor has to do today: the own consults by the plan that holds, and how they come to stand. Nothing of other doctors. */
import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { careNeed, plannedStop } from '../plan.ts';
import { timestamp } from '../records.ts';
import { vehicleId } from '../topics.ts';
import { calendarDate } from './calendar.ts';
import { consultEstimate } from './day.ts';
import { patientBody } from './patients.ts';
import { recordNumber } from './record.ts';
import { doctorBody } from './resources.ts';
import { visitState } from './visits.ts';

/** Neither address nor phone: the doctor meets the patient by the van. */
const queuePatient = z
	.object({
		id: recordNumber,
		...patientBody.pick({ name: true, kana: true, sex: true }).shape,
		age: z.int().meta({ description: 'In full years, today.' }),
	})
	.meta({ id: 'QueuePatient' });

export const queueConsult = z
	.object({
		visit: recordNumber,
		patient: queuePatient.nullable().meta({ description: 'Null: the records have no such visit.' }),
		need: careNeed,
		vehicle: z.object({ id: vehicleId, name: z.string() }),
		place: plannedStop.shape.name.meta({ description: 'Where the van meets the patient.' }),
		municipality: plannedStop.shape.municipality,
		from: timestamp.meta({ description: 'As planned, service time; so is `to`.' }),
		to: timestamp,
		estimate: consultEstimate
			.omit({ visit: true, doctor: true, planned: true })
			.nullable()
			.meta({ description: 'Null: nothing is reckoned yet.' }),
		state: visitState,
	})
	.meta({ id: 'QueueConsult' });
export type QueueConsult = z.infer<typeof queueConsult>;

export const doctorQueue = z
	.object({
		date: calendarDate,
		doctor: z
			.object({ id: recordNumber, name: doctorBody.shape.name })
			.nullable()
			.meta({ description: 'Null: no record of a doctor names this user; the queue is empty.' }),
		revision: z.int().min(1).nullable().meta({ description: 'Of the plan that holds today; null: there is none.' }),
		published: timestamp.nullable(),
		by: z.string().nullable().meta({ description: 'Who published it.' }),
		consults: z.array(queueConsult).meta({ description: 'By the time that was planned.' }),
	})
	.meta({ id: 'DoctorQueue' });
export type DoctorQueue = z.infer<typeof doctorQueue>;

export const queueOperations = {
	getDoctorQueue: {
		method: 'get',
		path: '/queue',
		id: 'getDoctorQueue',
		summary: 'Today’s consults of the doctor who is signed in',
		roles: ['doctor'],
		responses: { 200: { description: 'The queue', schema: doctorQueue } },
	},
} as const satisfies Record<string, Operation>;
