import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bodyOf, type RecordChange } from './index.ts';
import type { RecordsError } from './records-error.ts';
import {
	closureOf,
	doctorOf,
	NOW,
	openTestRecords,
	patientOf,
	requestOf,
	shiftOf,
	staffOf,
	TODAY,
	vehicleOf,
	type TestRecords,
} from './test-records.ts';

let kept: TestRecords;
beforeAll(() => {
	kept = openTestRecords();
});
afterAll(() => kept.remove());

const refusal = (step: Promise<unknown>): Promise<RecordsError> =>
	step.then(
		() => Promise.reject(new Error('it was taken')),
		(error: unknown) => error as RecordsError,
	);

describe('a record', () => {
	test('is kept with number, version, time and who; each change counts, and the past is kept whole', async () => {
		const { records } = kept;
		const made = await records.keep({ kind: 'patient', op: 'create', body: patientOf() }, 'hanada');
		expect(made).toEqual({ id: 1, version: 1, updated: NOW, updatedBy: 'hanada', ...patientOf() });
		const body = { ...bodyOf<'patient'>(made), phone: '0735-00-0202' };
		const changed = await records.keep({ kind: 'patient', op: 'update', id: 1, version: 1, body }, 'ito');
		expect(changed).toMatchObject({ id: 1, version: 2, updatedBy: 'ito', phone: '0735-00-0202' });
		await records.remove('patient', 1, 2, 'ito');
		expect(await records.patients.get(1)).toBeNull();
		expect(await records.history('patient', 1)).toEqual([
			{ version: 1, at: NOW, by: 'hanada', before: null },
			{ version: 2, at: NOW, by: 'ito', before: patientOf() },
			{ version: null, at: NOW, by: 'ito', before: body },
		]);
		await kept.reopen();
		const next = await kept.records.keep({ kind: 'patient', op: 'create', body: patientOf() }, 'ito');
		expect(next.id, 'a number is never given twice').toBe(2);
	});

	test('changed by somebody else meanwhile is not overwritten, and what it is now is told', async () => {
		const { records } = kept;
		const made = await records.keep({ kind: 'staff', op: 'create', body: staffOf() }, 'a');
		const first = { kind: 'staff', op: 'update', id: made.id, version: 1, body: staffOf({ note: 'first' }) } as const;
		const both = await Promise.allSettled([
			records.keep(first, 'a'),
			records.keep({ ...first, body: staffOf({ note: 'second' }) }, 'b'),
		]);
		expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
		const { reason } = both[1] as { reason: RecordsError };
		expect([reason.code, reason.refusal, reason.status]).toEqual(['conflict', 'stale', 409]);
		expect(reason.current).toMatchObject({ id: made.id, version: 2, note: 'first', updatedBy: 'a' });
		expect((await refusal(records.remove('staff', 999, 1, 'a'))).refusal).toBe('unknown');
	});
});

describe('a batch', () => {
	test('is made whole or not at all, and its records may refer to each other', async () => {
		const { records } = kept;
		const before = await records.patients.count();
		const [patient] = await records.reserve('patient');
		const create = { kind: 'patient', op: 'create', id: patient!, body: patientOf() } as const;
		const error = await refusal(
			records.commit([create, { kind: 'request', op: 'create', body: requestOf(patient!, { doctor: 77 }) }], 'a'),
		);
		expect([error.refusal, error.change, error.errors]).toEqual([
			'refers',
			1,
			[{ field: 'doctor', message: 'there is no doctor 77' }],
		]);
		expect(await records.patients.count()).toBe(before);
		const made = await records.commit([create, { kind: 'request', op: 'create', body: requestOf(patient!) }], 'a');
		expect(made.slice(0, 2).map(({ kind, id }) => [kind, id])).toEqual([
			['patient', patient],
			['request', made[1]!.id],
		]);
		expect(await records.requests.list({ patient: patient! })).toHaveLength(1);
	});

	test('is told of once, after it is on disk', async () => {
		const { records } = kept;
		const heard: [readonly RecordChange[], string][] = [];
		const listen = (changes: readonly RecordChange[], by: string) => void heard.push([changes, by]);
		records.on('change', listen);
		await records.commit(
			[
				{ kind: 'doctor', op: 'create', body: doctorOf() },
				{ kind: 'doctor', op: 'create', body: doctorOf({ user: 'doctor' }) },
			],
			'a',
		);
		await records.commit([], 'a');
		records.off('change', listen);
		expect(heard).toEqual([
			[
				[
					{ kind: 'doctor', id: 1, version: 1 },
					{ kind: 'doctor', id: 2, version: 1 },
				],
				'a',
			],
		]);
		expect((await records.doctors.byUser('doctor'))?.id).toBe(2);
	});

	test('cannot change a record twice', async () => {
		const { records } = kept;
		const [{ id, version } = { id: 0, version: 0 }] = await records.doctors.all();
		const change = { kind: 'doctor', op: 'update', id, version, body: doctorOf() } as const;
		expect((await refusal(records.commit([change, change], 'a'))).message).toContain('changed twice');
	});

	test('of what follows from facts takes each record as it is', async () => {
		const { records } = kept;
		const [one] = await records.doctors.all();
		await records.keep({ kind: 'doctor', op: 'update', id: one!.id, version: one!.version, body: doctorOf({ note: 'x' }) }, 'a');
		const revised = await records.revise(
			'doctor',
			[one!.id, 999],
			(doctor) => ({ ...bodyOf<'doctor'>(doctor), note: `${doctor.note}y` }),
			'b',
		);
		expect(revised).toMatchObject([{ id: one!.id, version: one!.version + 2, note: 'xy', updatedBy: 'b' }]);
	});
});

describe('what refers to each other', () => {
	test('stays together: what is referred to is there, and is not taken out', async () => {
		const { records } = kept;
		const van = await records.keep({ kind: 'fleet-vehicle', op: 'create', body: vehicleOf('van-1') }, 'a');
		const driver = await records.keep({ kind: 'staff', op: 'create', body: staffOf() }, 'a');
		const wrong = await refusal(records.keep({ kind: 'shift', op: 'create', body: shiftOf('van-9', driver.id, null) }, 'a'));
		expect(wrong.errors).toEqual([{ field: 'vehicle', message: 'the fleet has no vehicle "van-9"' }]);
		const shift = await records.keep({ kind: 'shift', op: 'create', body: shiftOf('van-1', driver.id, null) }, 'a');
		for (const [kind, id] of [
			['fleet-vehicle', van.id],
			['staff', driver.id],
		] as const) {
			const held = await refusal(records.remove(kind, id, 1, 'a'));
			expect([held.refusal, held.status]).toEqual(['in-use', 409]);
			expect(held.message).toContain(`shift ${shift.id} refer to it`);
		}
		const renamed = await refusal(
			records.keep({ kind: 'fleet-vehicle', op: 'update', id: van.id, version: 1, body: vehicleOf('van-2') }, 'a'),
		);
		expect(renamed.message).toContain('cannot have another vehicle id');
		const twice = await refusal(records.keep({ kind: 'fleet-vehicle', op: 'create', body: vehicleOf('van-1') }, 'a'));
		expect(twice.errors?.[0]).toMatchObject({ field: 'vehicle' });
		// All of them at once, in whatever order.
		await records.commit(
			[
				{ kind: 'fleet-vehicle', op: 'delete', id: van.id, version: 1 },
				{ kind: 'staff', op: 'delete', id: driver.id, version: 1 },
				{ kind: 'shift', op: 'delete', id: shift.id, version: 1 },
			],
			'a',
		);
		expect(await records.shifts.all()).toEqual([]);
	});
});

test('patients are found by part of a name, kana, address, phone or number, however it is written', async () => {
	const { records } = kept;
	const made = await records.keep(
		{
			kind: 'patient',
			op: 'create',
			body: patientOf({
				name: { family: '瀧本', given: 'ミツ' },
				kana: { family: 'タキモト', given: 'ミツ' },
				home: { address: '東牟婁郡古座川町三尾川 12-3', settlement: null, location: [135.69, 33.56], precision: 'point' },
				phone: '0735-00-7788',
				identifiers: [{ system: 'insurance', value: '12345678' }],
			}),
		},
		'a',
	);
	const find = async (text: string) => (await records.patients.search(text, 10)).map(({ id }) => id);
	for (const text of [
		'瀧本',
		'瀧本 ミツ',
		'たきもと',
		'タキモトミツ',
		'ﾀｷﾓﾄ',
		'三尾川12',
		'7350077',
		'0735-00-7788',
		'１２３４５６７８',
	]) {
		expect(await find(text), text).toEqual([made.id]);
	}
	expect(await find('瀧本たきもと'), 'not over the edge of a field').toEqual([]);
	expect(await find('%')).toEqual([]);
});

test('no more closures are kept than the roads take at once', async () => {
	const { records } = kept;
	const ring = Array.from({ length: 190 }, (_, at): [number, number] => [
		135 + Math.cos(at / 30.24) / 10,
		33.8 + Math.sin(at / 30.24) / 10,
	]);
	const drawn = { kind: 'closure', op: 'create', body: closureOf({ shape: { kind: 'polygon', ring } }) } as const;
	await records.commit(Array(10).fill(drawn), 'a');
	const many = await refusal(records.commit([drawn], 'a'));
	expect(many).toMatchObject({ refusal: 'refers', errors: [{ field: 'shape' }] });
	await records.commit(Array(390).fill({ ...drawn, body: closureOf() }), 'a');
	expect(await refusal(records.commit([{ ...drawn, body: closureOf() }], 'a'))).toMatchObject({ errors: [{ field: 'shape' }] });
	const [one] = await records.closures.all(1);
	await records.remove('closure', one!.id, 1, 'a');
	await records.commit([drawn], 'a');
});

test('a batch that cannot be written leaves nothing behind, and the next one is written', async () => {
	const broken = openTestRecords();
	const { records } = broken;
	const other = new DatabaseSync(broken.path);
	other.exec('ALTER TABLE staff RENAME TO elsewhere');
	const heard: unknown[] = [];
	records.on('change', (changes) => heard.push(changes));
	const changes = [
		{ kind: 'patient', op: 'create', body: patientOf() },
		{ kind: 'staff', op: 'create', body: staffOf() },
	] as const;
	await expect(records.commit(changes, 'a')).rejects.toMatchObject({ code: 'store', message: expect.stringContaining('staff') });
	expect([await records.patients.count(), heard]).toEqual([0, []]);
	other.exec('ALTER TABLE elsewhere RENAME TO staff');
	other.close();
	await records.commit(changes, 'a');
	expect([await records.patients.count(), await records.staff.count(), heard.length]).toEqual([1, 1, 1]);
	await broken.remove();
});

test('a doctor and a vehicle stay on record as long as a visit names them', async () => {
	const own = openTestRecords();
	const { records } = own;
	const [patient, van, doctor] = await records.commit(
		[
			{ kind: 'patient', op: 'create', body: patientOf() },
			{ kind: 'fleet-vehicle', op: 'create', body: vehicleOf('van-1') },
			{ kind: 'doctor', op: 'create', body: doctorOf() },
		],
		'a',
	);
	const made = await records.commit([{ kind: 'request', op: 'create', body: requestOf(patient!.id) }], 'a');
	const visit = made[1]!.id;
	const planned = { date: TODAY, vehicle: 'van-1', from: NOW, to: NOW + 1_500_000, doctor: doctor!.id };
	const wrong = records.revise(
		'visit',
		[visit],
		(one) => ({ ...bodyOf<'visit'>(one), planned: { ...planned, vehicle: 'van-2' } }),
		'a',
	);
	expect((await refusal(wrong)).errors).toEqual([{ field: 'planned.vehicle', message: 'the fleet has no vehicle "van-2"' }]);
	for (const state of ['planned', 'done'] as const) {
		await records.revise('visit', [visit], (one) => ({ ...bodyOf<'visit'>(one), state, planned }), 'a');
		for (const { kind, id } of [van!, doctor!]) {
			expect((await refusal(records.remove(kind, id, 1, 'a'))).message).toContain(`visit ${visit} refer to it`);
		}
	}
	await own.remove();
});
