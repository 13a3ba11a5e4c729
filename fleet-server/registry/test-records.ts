/** Invented records for tests, and records on a file of their own. */
import type {
	DoctorBody,
	FleetVehicleBody,
	PatientBody,
	RequestBody,
	RoadClosureBody,
	ShiftBody,
	StaffBody,
} from '@junkai/contracts';
import { loadRegion } from '@junkai/regions';
import { join } from 'node:path';
import { createServiceClock } from '../clock.ts';
import { temporaryFolder } from '../test-support.ts';
import { Records } from './records.ts';

export const region = loadRegion();

/** Tuesday, 08:30 in Japan. */
export const TODAY = '2026-11-24';
export const NOW = Date.parse(`${TODAY}T08:30:00+09:00`);

export interface TestRecords {
	readonly path: string;
	readonly records: Records;
	/** Service time, ms; set it to let time go by. */
	now: number;
	/** Closes the records and opens them again on the same file. */
	reopen(): Promise<Records>;
	remove(): Promise<void>;
}

export function openTestRecords(): TestRecords {
	const folder = temporaryFolder();
	const path = join(folder.path, 'registry.db');
	let clockNow = NOW;
	const clock = createServiceClock(
		{ clockStart: new Date(0).toISOString(), clockSpeed: 1, clockFrom: new Date(0).toISOString() },
		() => clockNow,
	);
	const open = (): Records => new Records({ path, region, clock });
	let records = open();
	return {
		path,
		get records() {
			return records;
		},
		get now() {
			return clockNow;
		},
		set now(ms: number) {
			clockNow = ms;
		},
		async reopen() {
			await records.close();
			records = open();
			return records;
		},
		async remove() {
			await records.close();
			folder.remove();
		},
	};
}

export const patientOf = (change: Partial<PatientBody> = {}): PatientBody => ({
	name: { family: '山本', given: '花子' },
	kana: { family: 'ヤマモト', given: 'ハナコ' },
	birthDate: '1944-05-03',
	sex: 'female',
	phone: '0735-00-0101',
	home: { address: '田辺市本宮町温川', settlement: 'S30206-001', location: [135.7, 33.84], precision: 'settlement' },
	identifiers: [{ system: 'chart', value: 'A-1029', of: '本宮さくら診療所' }],
	consents: [{ scope: 'remote-care', state: 'given', date: '2026-04-01', by: 'patient' }],
	contact: null,
	note: '',
	...change,
});

export const requestOf = (patient: number, change: Partial<RequestBody> = {}): RequestBody => ({
	patient,
	need: 'follow-up',
	specialty: null,
	equipment: [],
	doctor: null,
	institution: null,
	place: { kind: 'home' },
	from: TODAY,
	until: '2026-11-27',
	weekdays: [],
	hours: null,
	preferred: null,
	minutes: null,
	urgency: 'routine',
	recurrence: null,
	requestedBy: { name: '田辺市役所 本宮行政局' },
	note: '',
	state: 'open',
	...change,
});

export const vehicleOf = (vehicle: string, change: Partial<FleetVehicleBody> = {}): FleetVehicleBody => ({
	vehicle,
	name: '1号車',
	base: 'C26',
	class: 'van',
	size: null,
	equipment: ['ecg'],
	outages: [],
	note: '',
	...change,
});

export const staffOf = (change: Partial<StaffBody> = {}): StaffBody => ({
	name: { family: '和田', given: '健' },
	kana: null,
	roles: ['driver'],
	base: 'C26',
	phone: null,
	surge: false,
	absences: [],
	note: '',
	...change,
});

export const shiftOf = (
	vehicle: string,
	driver: number | null,
	nurse: number | null,
	change: Partial<ShiftBody> = {},
): ShiftBody => ({
	vehicle,
	driver,
	nurse,
	from: '2026-11-23',
	until: '2026-12-25',
	weekdays: [1, 2, 3, 4, 5],
	except: [],
	hours: ['08:30', '17:15'],
	rest: { minutes: 60, between: ['11:30', '13:30'] },
	surge: false,
	...change,
});

export const doctorOf = (change: Partial<DoctorBody> = {}): DoctorBody => ({
	name: { ja: '田中', en: 'Tanaka' },
	specialties: ['general'],
	institution: 'C26',
	from: '',
	weekly: [
		{
			weekdays: [1, 2, 3, 4, 5],
			hours: [
				['09:00', '12:00'],
				['13:30', '16:00'],
			],
		},
	],
	extra: [],
	absences: [],
	span: null,
	surge: false,
	user: null,
	phone: null,
	note: '',
	...change,
});

export const closureOf = (change: Partial<RoadClosureBody> = {}): RoadClosureBody => ({
	name: '土砂崩れ',
	shape: { kind: 'rules', rules: ['W01'] },
	from: NOW,
	until: null,
	source: 'drawn',
	reason: '',
	...change,
});
