import {
	doctorRecord,
	fleetVehicle,
	patient as patientSchema,
	problem,
	shift as shiftSchema,
	staffMember,
	visit as visitSchema,
	visitRequest,
	type Problem,
} from '@junkai/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { closureOf, doctorOf, NOW, patientOf, requestOf, shiftOf, staffOf, vehicleOf } from '../registry/test-records.ts';
import { startTestServer, TestBrowser, type TestServer } from '../test-support.ts';

let server: TestServer;
let patient: number;
let staff: [driver: number, nurse: number];

beforeAll(async () => {
	server = await startTestServer({ clockStart: new Date(NOW).toISOString() });
	patient = await made('/patients', patientOf());
	staff = [await made('/staff', staffOf()), await made('/staff', staffOf({ roles: ['nurse'] }))];
	await made('/fleet', vehicleOf('van-1'));
});
afterAll(() => server.stop());

const send = (method: string, path: string, body?: unknown, role: 'dispatcher' | 'crew' | 'doctor' | 'admin' = 'dispatcher') =>
	server.request(role, `/api/v1${path}`, {
		method,
		...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
	});
async function made(path: string, body: unknown): Promise<number> {
	const response = await send('POST', path, body);
	const record = (await response.json()) as { id: number };
	expect(response.status, JSON.stringify(record)).toBe(201);
	expect(response.headers.get('location')).toBe(`/api/v1${path}/${record.id}`);
	return record.id;
}
async function problemOf(response: Response): Promise<Problem> {
	expect(response.headers.get('content-type')).toBe('application/problem+json');
	const document = problem.parse(await response.json());
	expect(document.status).toBe(response.status);
	return document;
}
const read = async <T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> =>
	schema.parse(await (await send('GET', path)).json());

describe('a form', () => {
	const forms: Record<string, { path: string; body: () => object; schema: z.ZodType }> = {
		patient: { path: '/patients', body: () => patientOf(), schema: patientSchema },
		request: { path: '/requests', body: () => requestOf(patient), schema: visitRequest },
		vehicle: { path: '/fleet', body: () => vehicleOf('van-2'), schema: fleetVehicle },
		staff: { path: '/staff', body: () => staffOf(), schema: staffMember },
		shift: { path: '/shifts', body: () => shiftOf('van-1', ...staff), schema: shiftSchema },
		doctor: { path: '/doctors', body: () => doctorOf(), schema: doctorRecord },
	};
	const ring = [
		[135.7, 33.8],
		[135.8, 33.8],
	];
	const place = { address: 'どこか', settlement: null, location: [135.7, 33.8], precision: 'point' };
	const rhythm = { everyDays: 7, times: null, until: null, tolerance: 0 };

	/** Form, field that is wrong, its value, status, the field that is named and a part of what is said about it. */
	const faults: [form: string, field: string, value: unknown, status: number, named: string, said: RegExp][] = [
		['patient', 'name', { family: ' ', given: '花子' }, 400, 'name.family', />=1/],
		['patient', 'birthDate', '1944-02-30', 400, 'birthDate', /date/i],
		['patient', 'birthDate', '昭和19年', 400, 'birthDate', /date/i],
		['patient', 'birthDate', '2099-01-01', 422, 'birthDate', /after today/],
		['patient', 'birthDate', '1844-05-03', 422, 'birthDate', /that old/],
		['patient', 'consents', [{ ...patientOf().consents[0], date: '2026-11-25' }], 422, 'consents.0.date', /after today/],
		['patient', 'sex', 'f', 400, 'sex', /expected one of/],
		['patient', 'phone', 'なし', 400, 'phone', /digits and hyphens/],
		['patient', 'home', null, 400, 'home', /object/],
		['patient', 'home', { ...place, location: [33.8, 135.7] }, 400, 'home.location.1', /90/],
		['patient', 'home', { ...place, settlement: 'S99' }, 422, 'home.settlement', /no settlement "S99"/],
		['patient', 'identifiers', [{ system: 'my-number', value: '1' }], 400, 'identifiers.0.system', /expected one of/],
		['patient', 'consents', Array(2).fill(patientOf().consents[0]), 400, 'consents', /each scope once/],
		['patient', 'contact', { name: '山本 健', phone: '1' }, 400, 'contact.phone', /digits and hyphens/],
		['patient', 'note', 'あ'.repeat(501), 400, 'note', /500/],
		['patient', 'note', undefined, 400, 'note', /undefined/],

		['request', 'patient', 0, 400, 'patient', />=1/],
		['request', 'patient', 12_345, 422, 'patient', /no patient 12345/],
		['request', 'doctor', 12_345, 422, 'doctor', /no doctor 12345/],
		['request', 'need', 'massage', 400, 'need', /expected one of/],
		['request', 'equipment', ['mri'], 400, 'equipment.0', /expected one of/],
		['request', 'institution', 'X1', 422, 'institution', /no facility "X1"/],
		['request', 'place', { kind: 'stop', settlement: 'S99' }, 422, 'place.settlement', /no settlement "S99"/],
		['request', 'place', { kind: 'stop', settlement: 'S30202-012' }, 422, 'place.settlement', /no named meeting place/],
		['request', 'place', { kind: 'moon' }, 400, 'place.kind', /invalid/i],
		['request', 'until', '2026-11-23', 400, 'until', /before the first/],
		['request', 'weekdays', [1, 1], 400, 'weekdays', /once/],
		['request', 'weekdays', [0], 422, 'weekdays', /none of these days/],
		['request', 'hours', [['13:00', '12:00']], 400, 'hours.0', /end before they begin/],
		['request', 'hours', [['9:00', '12:00']], 400, 'hours.0.0', /08:30/],
		['request', 'minutes', 3, 400, 'minutes', />=5/],
		['request', 'recurrence', { ...rhythm, everyDays: 0 }, 400, 'recurrence.everyDays', />=1/],
		['request', 'recurrence', { ...rhythm, until: '2026-11-01' }, 422, 'recurrence.until', /ends before/],
		['request', 'requestedBy', { name: '' }, 400, 'requestedBy.name', />=1/],
		['request', 'state', 'lost', 400, 'state', /expected one of/],

		['vehicle', 'vehicle', 'Van 2', 400, 'vehicle', /./],
		['vehicle', 'vehicle', 'van-1', 422, 'vehicle', /name of vehicle of the fleet 1 already/],
		['vehicle', 'base', 'X1', 422, 'base', /no facility "X1"/],
		['vehicle', 'class', 'bus', 400, 'class', /expected one of/],
		['vehicle', 'size', { width: 4, height: 2, length: 5, weight: 3 }, 400, 'size.width', /<=3/],
		['vehicle', 'outages', [{ from: 10, until: 5, reason: '' }], 400, 'outages.0.until', /ends before it begins/],

		['staff', 'roles', [], 400, 'roles', />=1/],
		['staff', 'base', 'X1', 422, 'base', /no facility "X1"/],
		['staff', 'kana', { family: 'ワダ' }, 400, 'kana.given', /undefined/],
		['staff', 'absences', [{ from: 5, until: 5, reason: '' }], 400, 'absences.0.until', /ends before it begins/],

		['shift', 'vehicle', 'van-77', 422, 'vehicle', /fleet has no vehicle "van-77"/],
		['shift', 'driver', 777, 422, 'driver', /no member of staff 777/],
		['shift', 'nurse', 777, 422, 'nurse', /no member of staff 777/],
		['shift', 'weekdays', [], 400, 'weekdays', /at least one day/],
		['shift', 'until', '2026-11-01', 400, 'until', /before the first/],
		['shift', 'hours', ['17:00', '08:00'], 400, 'hours', /end before they begin/],
		['shift', 'rest', { minutes: 200, between: ['11:00', '13:00'] }, 400, 'rest.minutes', /<=180/],

		['doctor', 'name', { ja: '田中' }, 400, 'name.en', /undefined/],
		['doctor', 'specialties', [], 400, 'specialties', />=1/],
		['doctor', 'institution', 'X1', 422, 'institution', /no facility "X1"/],
		[
			'doctor',
			'weekly',
			[
				{
					weekdays: [1],
					hours: [
						['13:00', '15:00'],
						['09:00', '12:00'],
					],
				},
			],
			400,
			'weekly.0.hours',
			/in order/,
		],
		['doctor', 'weekly', [{ weekdays: [7], hours: [['13:00', '15:00']] }], 400, 'weekly.0.weekdays.0', /<=6/],
		['doctor', 'extra', [{ date: '11/24', hours: [['13:00', '15:00']] }], 400, 'extra.0.date', /date/i],
		['doctor', 'span', { from: '2026-12-01', until: '2026-11-01' }, 400, 'span.until', /before the first/],

		['closure', 'name', '', 400, 'name', />=1/],
		['closure', 'shape', { kind: 'polygon', ring }, 400, 'shape.ring', />=3/],
		['closure', 'shape', { kind: 'edges', edges: ['R168-001', 'R0'] }, 422, 'shape.edges.1', /no road edge "R0"/],
		['closure', 'shape', { kind: 'rules', rules: ['W00'] }, 422, 'shape.rules.0', /no rain rule "W00"/],
		['closure', 'shape', { kind: 'rain', mm: null, hourMm: null }, 422, 'shape.mm', /rainfall is needed/],
		['closure', 'shape', { kind: 'rain', mm: -1, hourMm: null }, 400, 'shape.mm', />=0/],
		['closure', 'until', 1, 400, 'until', /ends before it begins/],
	];

	test.each(faults)('%s: %s = %j is answered with %i, which names %s', async (form, field, value, status, named, said) => {
		const { path, body } = forms[form] ?? { path: '/closures', body: () => closureOf() };
		const before = await (await send('GET', path)).text();
		const response = await send('POST', path, { ...body(), [field]: value });
		const { errors } = await problemOf(response);
		expect([response.status, errors?.[0]?.field]).toEqual([status, named]);
		expect(errors![0]!.message).toMatch(said);
		expect(await (await send('GET', path)).text(), 'nothing is kept').toBe(before);
	});

	test('that is right is kept, changed and taken out', async () => {
		for (const { path, body, schema } of Object.values(forms)) {
			const id = await made(path, body());
			const kept = schema.parse(await (await send('GET', `${path}/${id}`)).json());
			expect(kept).toMatchObject({ ...body(), id, version: 1, updatedBy: 'dispatcher' });
			const changed = await send('PUT', `${path}/${id}?version=1`, { ...body(), note: 'neu' }, 'admin');
			expect(changed.status, path).toBe(200);
			expect(schema.parse(await changed.json()), path).toMatchObject({ id, version: 2, updatedBy: 'admin' });
			expect((await send('DELETE', `${path}/${id}?version=2`)).status, path).toBe(204);
			expect((await problemOf(await send('GET', `${path}/${id}`))).status).toBe(404);
		}
	});

	test.each(['patients', 'requests', 'fleet', 'staff', 'shifts', 'doctors', 'closures'])(
		'%s: a change names its version and its number',
		async (path) => {
			const body = path === 'patients' ? patientOf() : (forms[path.replace(/s$/, '')]?.body() ?? closureOf());
			const without = await problemOf(await send('DELETE', `/${path}/1`));
			expect([without.status, without.errors?.[0]?.field]).toEqual([400, 'version']);
			const wrong = await problemOf(await send('DELETE', `/${path}/one?version=1`));
			expect([wrong.status, wrong.errors?.[0]?.field]).toEqual([400, 'id']);
			expect((await problemOf(await send('DELETE', `/${path}/999999?version=1`))).status).toBe(404);
			expect((await send('POST', `/${path}`, body, 'crew')).status).toBe(403);
			expect((await send('POST', `/${path}`, body, 'doctor')).status).toBe(403);
		},
	);
});

test('two people at one record: the second is told what it is now, and nothing of the first is lost', async () => {
	const id = await made('/patients', patientOf());
	expect((await send('PUT', `/patients/${id}?version=1`, patientOf({ note: '犬あり' }), 'admin')).status).toBe(200);
	const refused = await problemOf(await send('PUT', `/patients/${id}?version=1`, patientOf({ note: '坂の上' })));
	expect(refused.status).toBe(409);
	expect(patientSchema.parse(refused.current)).toMatchObject({ id, version: 2, note: '犬あり', updatedBy: 'admin' });
	expect(await read(`/patients/${id}`, patientSchema)).toMatchObject({ version: 2, note: '犬あり' });
});

test('what is referred to is not taken out, and the answer says by what', async () => {
	const owner = await made('/patients', patientOf());
	const request = await made('/requests', requestOf(owner));
	const held = await problemOf(await send('DELETE', `/patients/${owner}?version=1`));
	expect([held.status, held.detail]).toEqual([409, expect.stringContaining(`request ${request}`)]);
});

test('a request becomes visits, which are found by day, called off and called for again', async () => {
	const owner = await made('/patients', patientOf({ name: { family: '熊野', given: 'イサム' } }));
	const recurrence = { everyDays: 7, times: 3, until: null, tolerance: 0 };
	await made('/requests', requestOf(owner, { until: '2026-11-24', from: '2026-11-24', recurrence }));
	const list = z.array(visitSchema);
	const all = await read(`/visits?patient=${owner}`, list);
	expect(all.length).toBeGreaterThan(0);
	const last = all.at(-1)!;
	expect((await read(`/visits?from=${last.from}&until=${last.until}&patient=${owner}`, list)).map(({ id }) => id)).toEqual([
		last.id,
	]);
	expect(await read(`/visits?patient=${owner}&state=planned`, list)).toEqual([]);
	const off = await send('POST', `/visits/${last.id}/cancel?version=1`, { note: '入院' });
	expect(visitSchema.parse(await off.json())).toMatchObject({ state: 'cancelled', note: '入院', version: 2 });
	const stale = await problemOf(await send('POST', `/visits/${last.id}/reopen?version=1`));
	expect([stale.status, visitSchema.parse(stale.current).state]).toEqual([409, 'cancelled']);
	const again = await send('POST', `/visits/${last.id}/reopen?version=2`);
	expect(visitSchema.parse(await again.json())).toMatchObject({ state: 'open', version: 3 });
	const wrong = await problemOf(await send('GET', '/visits?from=2026-12-01&until=2026-11-01'));
	expect(wrong.errors?.[0]?.field).toBe('until');
	const found = await read(`/patients?text=${encodeURIComponent('くまの')}`, z.array(patientSchema));
	expect(found).toEqual([]);
	expect((await read(`/patients?text=${encodeURIComponent('熊野 ｲｻﾑ')}`, z.array(patientSchema))).map(({ id }) => id)).toEqual([
		owner,
	]);
	expect((await read(`/patients?ids=${owner},999999`, z.array(patientSchema))).map(({ id }) => id)).toEqual([owner]);
});

test('closures: rules to choose, what is closed, what a rain would close, and a feed', async () => {
	const lines = async (query = '') =>
		((await (await send('GET', `/closed-roads${query}`, undefined, 'crew')).json()) as { lines: unknown[] }).lines.length;
	expect(((await (await send('GET', '/rain-rules')).json()) as unknown[]).length).toBe(84);
	expect([await lines(), (await lines('?mm=200')) > 100]).toEqual([0, true]);
	const feed = { source: '田辺市', time: NOW - 1000, closed: ['W06'] };
	const told = await send('PUT', '/closure-feed', feed);
	expect([told.status, ((await told.json()) as unknown[]).length]).toEqual([200, 1]);
	expect(await lines()).toBeGreaterThan(0);
	expect(((await (await send('GET', `/closures?at=${NOW}`)).json()) as unknown[]).length).toBe(1);
	const unknown = await problemOf(await send('PUT', '/closure-feed', { ...feed, closed: ['W6'] }));
	expect([unknown.status, unknown.errors?.[0]?.field]).toEqual([422, 'closed.0']);
	const old = await problemOf(await send('PUT', '/closure-feed', { ...feed, time: 1000, closed: [] }));
	expect(old.status).toBe(409);
});

test('conflicts are told for a period of at most 400 days', async () => {
	const driver = await made('/staff', staffOf({ name: { family: '二重', given: '衛' } }));
	const one = await made('/shifts', shiftOf('van-1', driver, null));
	const answer = (await (await send('GET', '/conflicts?from=2026-11-24&until=2026-11-24')).json()) as { kind: string }[];
	expect(answer.map(({ kind }) => kind)).toContain('no-nurse');
	await send('DELETE', `/shifts/${one}?version=1`);
	for (const query of ['from=2026-11-24&until=2026-11-23', 'from=2026-11-24&until=2028-11-23']) {
		expect((await problemOf(await send('GET', `/conflicts?${query}`))).errors?.[0]?.field).toBe('until');
	}
	const missing = await problemOf(await send('GET', '/conflicts?from=2026-11-24'));
	expect(missing.errors?.[0]?.field).toBe('until');
});

test('changes are told live to who may hear them, and a large batch says that there is more', async () => {
	const browser = await TestBrowser.open(server, 'dispatcher');
	await browser.subscribe([{ vehicles: [], kinds: ['record'] }]);
	const crew = await TestBrowser.open(server, 'crew');
	await crew.subscribe([{ vehicles: [], kinds: ['record'] }]);
	const id = await made('/doctors', doctorOf({ name: { ja: '秘密', en: 'Secret' } }));
	const told = await browser.next('records');
	expect(told).toEqual({ type: 'records', changes: [{ kind: 'doctor', id, version: 1 }], by: 'dispatcher', more: false });
	await send('DELETE', `/doctors/${id}?version=1`);
	await browser.next('records', ({ changes }) => changes[0]?.version === null);
	const many = Array.from({ length: 501 }, () => ({ kind: 'staff', op: 'create', body: staffOf() }) as const);
	await server.server.records.commit(many, 'import');
	const large = await browser.next('records', ({ by }) => by === 'import');
	expect([large.changes.length, large.more]).toEqual([500, true]);
	expect(crew.all('records')).toEqual([]);
	browser.close();
	crew.close();
});
