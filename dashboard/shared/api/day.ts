/** Calls of the day under way: how it stands, what crews tell, closed roads, and the mending of the plan. */
import {
	alert,
	closedRoads,
	dayBoard,
	doctorRecord,
	fleetVehicle,
	patient,
	planBoard,
	planBoardSummary,
	planComparison,
	rainRule,
	roadClosure,
	vehicleEstimate,
	visit,
	visitRequest,
	type ClosureShape,
	type CrewReport,
	type DoctorRecord,
	type FleetVehicle,
	type RoadClosureBody,
} from '@junkai/contracts';
import { z } from 'zod';
import { ApiError, call, json, query } from './rest.ts';

/** As many patients as one call may name. */
const patientsACall = 500;
/** How often a change is made anew when somebody else was faster. */
const attempts = 3;

/** What a record was before the server kept it: the body of a change. */
function bodyOf<T extends { id: number; version: number; updated: number; updatedBy: string }>(
	kept: T,
): Omit<T, 'id' | 'version' | 'updated' | 'updatedBy'> {
	const { id: _id, version: _version, updated: _updated, updatedBy: _updatedBy, ...body } = kept;
	return body;
}

/** Adds to a record whatever others have made of it meanwhile: read, change, write; anew when somebody else was faster. */
async function amend<T extends { version: number }>(
	path: string,
	read: () => Promise<T>,
	write: (record: T, to: string) => Promise<T>,
): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		const record = await read();
		try {
			return await write(record, `${path}?${query({ version: record.version })}`);
		} catch (error) {
			const overtaken = error instanceof ApiError && error.status === 409;
			if (!overtaken || attempt === attempts) throw error;
		}
	}
}

export const dayApi = {
	board: () => call(dayBoard, '/day'),
	/** Of a day, over or not. */
	alerts: (date: string) => call(z.array(alert), `/alerts?${query({ date })}`),
	acknowledge: (id: string, note: string) => call(alert, `/alerts/${id}/acknowledgement`, json({ note })),
	report: (vehicle: string, report: CrewReport) => call(vehicleEstimate, `/vehicles/${vehicle}/reports`, json(report)),

	visits: (from: string, until: string) => call(z.array(visit), `/visits?${query({ from, until, limit: 20_000 })}`),
	visit: (id: number) => call(visit, `/visits/${id}`),
	cancelVisit: (id: number, version: number, note: string) =>
		call(visit, `/visits/${id}/cancel?${query({ version })}`, json({ note })),
	reopenVisit: (id: number, version: number) => call(visit, `/visits/${id}/reopen?${query({ version })}`, { method: 'POST' }),
	request: (id: number) => call(visitRequest, `/requests/${id}`),
	patients: async (ids: readonly number[]) => {
		const found = [];
		for (let at = 0; at < ids.length; at += patientsACall) {
			const some = ids.slice(at, at + patientsACall).join(',');
			found.push(...(await call(z.array(patient), `/patients?${query({ ids: some })}`)));
		}
		return found;
	},
	findPatients: (text: string, limit: number) => call(z.array(patient), `/patients?${query({ text, limit })}`),
	doctors: () => call(z.array(doctorRecord), '/doctors'),
	fleet: () => call(z.array(fleetVehicle), '/fleet'),

	/** The vehicle cannot go from now on, until somebody says otherwise. */
	breakDown: (id: number, from: number, reason: string) =>
		amend<FleetVehicle>(
			`/fleet/${id}`,
			() => call(fleetVehicle, `/fleet/${id}`),
			(record, to) =>
				call(fleetVehicle, to, json({ ...bodyOf(record), outages: [...record.outages, { from, until: null, reason }] }, 'PUT')),
		),
	/** The doctor is away in a period. */
	beAway: (id: number, from: number, until: number, reason: string) =>
		amend<DoctorRecord>(
			`/doctors/${id}`,
			() => call(doctorRecord, `/doctors/${id}`),
			(record, to) =>
				call(doctorRecord, to, json({ ...bodyOf(record), absences: [...record.absences, { from, until, reason }] }, 'PUT')),
		),

	closures: () => call(z.array(roadClosure), '/closures'),
	closeRoads: (body: RoadClosureBody) => call(roadClosure, '/closures', json(body)),
	/** It ends now; one that has not begun is taken out. */
	liftClosure: async (id: number, now: number) => {
		for (let attempt = 1; ; attempt++) {
			const record = await call(roadClosure, `/closures/${id}`);
			const to = `/closures/${id}?${query({ version: record.version })}`;
			try {
				if (record.from >= now) await call(null, to, { method: 'DELETE' });
				else await call(roadClosure, to, json({ ...bodyOf(record), until: Math.round(now) }, 'PUT'));
				return;
			} catch (error) {
				if (!(error instanceof ApiError && error.status === 409) || attempt === attempts) throw error;
			}
		}
	},
	rainRules: () => call(z.array(rainRule), '/rain-rules'),
	closedRoads: (rain: { mm?: number; hourMm?: number } = {}) => call(closedRoads, `/closed-roads?${query(rain)}`),

	boards: () => call(z.array(planBoardSummary), '/plan-boards'),
	planBoard: (id: string) => call(planBoard, `/plan-boards/${id}`),
	mend: (reason: string, seconds = 1) => call(planBoard, '/mends', json({ seconds, reason })),
	comparison: (id: string) => call(planComparison, `/plan-boards/${id}/comparison`),
	publish: (id: string, version: number, base: number | null, note: string) =>
		call(planBoardSummary, `/plan-boards/${id}/publication?${query({ version })}`, json({ base, note })),
	dropBoard: (id: string) => call(null, `/plan-boards/${id}`, { method: 'DELETE' }),
};

export type RainShape = Extract<ClosureShape, { kind: 'rain' }>;
