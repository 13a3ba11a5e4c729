import type { DoctorRecord, FleetVehicle, RoadClosure, Visit } from '@junkai/contracts';
import { expect, test } from 'vitest';
import type { DirectoryState } from './directory.ts';
import { incidentsBetween } from './incidents.ts';

const kept = { version: 1, updated: 1, updatedBy: 'd' };
const van = (outages: FleetVehicle['outages'], note = ''): FleetVehicle => ({
	...kept,
	id: 1,
	vehicle: 'van-1',
	name: '1号車',
	base: 'base',
	class: 'van',
	size: null,
	equipment: [],
	outages,
	note,
});
const doctor = (absences: DoctorRecord['absences'], phone: string | null = null): DoctorRecord => ({
	...kept,
	id: 5,
	name: { ja: '田中', en: 'Tanaka' },
	specialties: ['general'],
	institution: null,
	from: '',
	weekly: [],
	extra: [],
	absences,
	span: null,
	surge: false,
	user: null,
	phone,
	note: '',
});
const visit = (state: Visit['state']): Visit => ({
	...kept,
	id: 9,
	request: 1,
	patient: 1,
	nth: 1,
	from: '2026-11-24',
	until: '2026-11-24',
	state,
	reason: null,
	note: '',
	planned: null,
	actual: null,
});
const closure = (id: number, until: number | null = null): RoadClosure => ({
	...kept,
	id,
	name: `崖崩れ${id}`,
	shape: { kind: 'edges', edges: ['R168-001'] },
	from: 1,
	until,
	source: 'drawn',
	reason: '',
});
const state = (more: Partial<DirectoryState> = {}): DirectoryState => ({
	visits: new Map([[9, visit('planned')]]),
	patients: new Map(),
	doctors: new Map([[5, doctor([])]]),
	fleet: new Map([['van-1', van([])]]),
	closures: [closure(1)],
	closed: null,
	...more,
});

test('what a plan has to heed is an incident; a new telephone number or a visit that is done is none', () => {
	const quiet = state({
		visits: new Map([[9, visit('done')]]),
		doctors: new Map([[5, doctor([], '0735-21-0000')]]),
		fleet: new Map([['van-1', van([], '洗車した')]]),
	});
	expect(incidentsBetween(state(), quiet)).toEqual([]);
	const grave = state({
		visits: new Map([[9, visit('cancelled')]]),
		doctors: new Map([[5, doctor([{ from: 1, until: 2, reason: '' }])]]),
		fleet: new Map([['van-1', van([{ from: 1, until: null, reason: '故障' }])]]),
		closures: [closure(1, 50), closure(2)],
	});
	expect(incidentsBetween(state(), grave)).toEqual([
		{ kind: 'vehicle', name: 'van-1' },
		{ kind: 'doctor', name: '5' },
		{ kind: 'visit', name: '9' },
		{ kind: 'opened', name: '崖崩れ1' },
		{ kind: 'closed', name: '崖崩れ2' },
	]);
});

test('what is known for the first time is no change', () => {
	const unknown = state({ visits: new Map(), doctors: new Map(), fleet: new Map(), closures: null });
	expect(incidentsBetween(unknown, state())).toEqual([]);
	expect(incidentsBetween(state(), state({ closures: [] }))).toEqual([{ kind: 'opened', name: '崖崩れ1' }]);
});
