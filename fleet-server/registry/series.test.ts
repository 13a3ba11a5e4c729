import type { RequestBody, Visit, VisitRequest } from '@junkai/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../planner/random.ts';
import { addDays } from './calendar.ts';
import { bodyOf, HORIZON_DAYS } from './index.ts';
import type { RecordsError } from './records-error.ts';
import { NOW, openTestRecords, patientOf, requestOf, TODAY, vehicleOf, type TestRecords } from './test-records.ts';
import { cancelVisit, reopenVisit } from './visits.ts';

const DAY_MS = 86_400_000;

let kept: TestRecords;
let patient: number;
beforeEach(async () => {
	kept = openTestRecords();
	const [one] = await kept.records.commit(
		[
			{ kind: 'patient', op: 'create', body: patientOf() },
			{ kind: 'fleet-vehicle', op: 'create', body: vehicleOf('van-1') },
		],
		'a',
	);
	patient = one!.id;
});
afterEach(() => kept.remove());

const create = (change: Partial<RequestBody> = {}) =>
	kept.records.keep({ kind: 'request', op: 'create', body: requestOf(patient, change) }, 'a');
const update = async (id: number, change: Partial<RequestBody>): Promise<VisitRequest> => {
	const request = (await kept.records.requests.get(id))!;
	const body = { ...bodyOf<'request'>(request), ...change };
	return kept.records.keep({ kind: 'request', op: 'update', id, version: request.version, body }, 'a');
};
const visits = async (request: number): Promise<Visit[]> => kept.records.visits.ofRequests([request]);
const brief = async (request: number) =>
	(await visits(request)).map(({ nth, from, until, state }) => `${nth} ${from} ${until} ${state}`);
const plan = (id: number, date: string, state: Visit['state'] = 'planned') =>
	kept.records.revise(
		'visit',
		[id],
		(visit) => {
			const from = Date.parse(`${date}T10:00:00+09:00`);
			return { ...bodyOf<'visit'>(visit), state, planned: { date, vehicle: 'van-1', from, to: from + 1_500_000, doctor: null } };
		},
		'a',
	);
const weekly = { everyDays: 7, times: null, until: null, tolerance: 0 };

describe('a request becomes visits', () => {
	test('one', async () => {
		const { id } = await create();
		expect(await visits(id)).toMatchObject([
			{ request: id, patient, nth: 1, from: TODAY, until: '2026-11-27', state: 'open', version: 1 },
		]);
	});

	test('as many as it repeats, up to the horizon, and more as days go by', async () => {
		const { id } = await create({ until: TODAY, recurrence: weekly });
		const made = await visits(id);
		expect(made).toHaveLength(Math.floor(HORIZON_DAYS / 7) + 1);
		expect(made.at(-1)!.from <= addDays(TODAY, HORIZON_DAYS)).toBe(true);
		expect(await kept.records.extend()).toBe(0);
		kept.now = NOW + 14 * DAY_MS;
		expect(await kept.records.extend()).toBe(2);
		const after = await visits(id);
		expect(after.slice(0, made.length)).toEqual(made);
		expect(after.map(({ nth }) => nth)).toEqual(after.map((_, at) => at + 1));
		expect(after.at(-1)!.updatedBy).toBe('junkai');
	});

	test('that lies beyond the horizon all the same', async () => {
		const { id } = await create({ from: '2027-06-01', until: '2027-06-04', recurrence: weekly });
		expect(await brief(id)).toEqual(['1 2027-06-01 2027-06-04 open']);
	});

	test('of a series that began long ago only those to come', async () => {
		const { id } = await create({ from: '2025-11-25', until: '2025-11-25', recurrence: { ...weekly, times: 54 } });
		expect(await brief(id)).toEqual(['1 2026-11-24 2026-11-24 open', '2 2026-12-01 2026-12-01 open']);
	});
});

describe('a changed request', () => {
	test('moves what is open and keeps what is planned or done', async () => {
		const { id } = await create({ until: TODAY, recurrence: { ...weekly, times: 4 } });
		const [first, second] = await visits(id);
		await plan(first!.id, TODAY, 'done');
		await plan(second!.id, '2026-12-01');
		await update(id, { until: addDays(TODAY, 1), recurrence: { ...weekly, times: 5 } });
		expect(await brief(id)).toEqual([
			'1 2026-11-24 2026-11-24 done',
			'2 2026-12-01 2026-12-01 planned',
			'3 2026-12-08 2026-12-09 open',
			'4 2026-12-15 2026-12-16 open',
			'5 2026-12-22 2026-12-23 open',
		]);
		await update(id, { recurrence: { ...weekly, times: 3 } });
		expect(await brief(id)).toHaveLength(3);
	});

	test('in words only leaves its visits as they are', async () => {
		const { id } = await create({ until: TODAY, recurrence: weekly });
		const before = await visits(id);
		await plan(before[2]!.id, before[2]!.from);
		const planned = await visits(id);
		await update(id, { note: '玄関は裏' });
		expect(await visits(id)).toEqual(planned);
	});

	test('with another rhythm goes on after what was done', async () => {
		const { id } = await create({ until: TODAY, recurrence: { ...weekly, times: 6 } });
		const [first, second] = await visits(id);
		await plan(first!.id, TODAY, 'done');
		await plan(second!.id, '2026-12-01', 'done');
		await update(id, { recurrence: { everyDays: 28, times: 6, until: null, tolerance: 3 } });
		expect(await brief(id)).toEqual([
			'1 2026-11-24 2026-11-24 done',
			'2 2026-12-01 2026-12-01 done',
			'3 2026-12-19 2026-12-25 open',
			'4 2027-01-16 2027-01-22 open',
			'5 2027-02-13 2027-02-19 open',
		]);
	});

	test('of another patient is refused once a visit is planned', async () => {
		const { records } = kept;
		const other = await records.keep({ kind: 'patient', op: 'create', body: patientOf() }, 'a');
		const { id } = await create();
		await update(id, { patient: other.id });
		expect((await visits(id))[0]).toMatchObject({ patient: other.id });
		await plan((await visits(id))[0]!.id, TODAY);
		const error = await update(id, { patient }).catch((reason: unknown) => reason as RecordsError);
		expect(error).toMatchObject({ refusal: 'refers', errors: [{ field: 'patient' }] });
	});
});

describe('called off', () => {
	test('with its request, and back with it; what was called off by itself stays so', async () => {
		const { id } = await create({ until: TODAY, recurrence: { ...weekly, times: 4 } });
		const [first, second, third] = await visits(id);
		await plan(first!.id, TODAY, 'done');
		await cancelVisit(kept.records, second!.id, 1, '入院中', 'a');
		await plan(third!.id, third!.from);
		await update(id, { state: 'cancelled' });
		const states = async () => (await visits(id)).map(({ state }) => state);
		expect(await states()).toEqual(['done', 'cancelled', 'cancelled', 'cancelled']);
		const off = (await visits(id))[2]!;
		const refused = await reopenVisit(kept.records, off.id, off.version, 'a').catch((reason: unknown) => reason as RecordsError);
		expect(refused).toMatchObject({ refusal: 'state', status: 409 });
		await update(id, { state: 'open' });
		expect(await states()).toEqual(['done', 'cancelled', 'open', 'open']);
		expect((await visits(id))[2]).toMatchObject({ planned: null });
	});

	test('a closed request asks for nothing more, but what is planned is still made', async () => {
		const { id } = await create({ until: TODAY, recurrence: { ...weekly, times: 3 } });
		await plan((await visits(id))[0]!.id, TODAY);
		await update(id, { state: 'closed' });
		expect((await visits(id)).map(({ state }) => state)).toEqual(['planned', 'cancelled', 'cancelled']);
	});

	test('one visit, by the version that was seen, and open again', async () => {
		const { id } = await create();
		const [visit] = await visits(id);
		const off = await cancelVisit(kept.records, visit!.id, 1, '入院中', 'b');
		expect(off).toMatchObject({ state: 'cancelled', note: '入院中', version: 2, updatedBy: 'b' });
		const again = await cancelVisit(kept.records, visit!.id, 2, '', 'b').catch((reason: unknown) => reason as RecordsError);
		expect(again).toMatchObject({ refusal: 'state', current: { version: 2 } });
		const stale = await reopenVisit(kept.records, visit!.id, 1, 'b').catch((reason: unknown) => reason as RecordsError);
		expect(stale).toMatchObject({ code: 'conflict', current: { version: 2 } });
		expect(await reopenVisit(kept.records, visit!.id, 2, 'b')).toMatchObject({ state: 'open', note: '入院中', version: 3 });
	});

	test('a request is taken out with its open visits, not with one that is planned', async () => {
		const { id, version } = await create({ until: TODAY, recurrence: { ...weekly, times: 3 } });
		const [first] = await visits(id);
		await plan(first!.id, TODAY);
		const held = await kept.records.remove('request', id, version, 'a').catch((reason: unknown) => reason as RecordsError);
		expect(held).toMatchObject({ refusal: 'in-use', message: `request ${id} cannot be taken out: visit ${first!.id} refer to it` });
		await kept.records.revise('visit', [first!.id], (visit) => ({ ...bodyOf<'visit'>(visit), state: 'open', planned: null }), 'a');
		await kept.records.remove('request', id, version, 'a');
		expect(await visits(id)).toEqual([]);
		await kept.records.remove('patient', patient, 1, 'a');
	});
});

test('whatever is done to a series, its visits stay in order and apart, and what is planned or done stays as it is', async () => {
	for (let seed = 1; seed <= 15; seed++) {
		const random = createRandom(seed);
		const rhythm = (): Partial<RequestBody> => {
			const from = addDays(TODAY, random.below(30) - 10);
			const recurrence = {
				everyDays: 1 + random.below(30),
				times: random.below(2) === 0 ? null : 2 + random.below(20),
				until: null,
				tolerance: random.below(8),
			};
			return { from, until: addDays(from, random.below(6)), recurrence };
		};
		const { id } = await create(rhythm());
		for (let step = 0; step < 12; step++) {
			const what = `seed ${seed}, step ${step}`;
			const before = await visits(id);
			const open = before.filter(({ state }) => state === 'open');
			const one = open[random.below(Math.max(1, Math.min(4, open.length)))];
			const fixed = before.filter(({ state }) => state === 'planned' || state === 'done');
			switch (random.below(6)) {
				case 0:
					if (one) await plan(one.id, addDays(one.from, random.below(2)));
					break;
				case 1:
					if (one) await plan(one.id, one.from, 'done');
					break;
				case 2:
					if (one) await cancelVisit(kept.records, one.id, one.version, '', 'a');
					break;
				case 3:
					kept.now += random.below(20) * DAY_MS;
					await kept.records.extend();
					break;
				default:
					await update(id, rhythm());
			}
			const after = await visits(id);
			for (const visit of fixed)
				expect(
					after.find((other) => other.id === visit.id),
					what,
				).toEqual(visit);
			const left = after.filter(({ state }) => state === 'open').toSorted((a, b) => a.nth - b.nth);
			for (const [at, visit] of left.entries()) {
				expect(visit.from <= visit.until, what).toBe(true);
				if (at > 0) expect(left[at - 1]!.until < visit.from, `${what}: visits ${left[at - 1]!.id} and ${visit.id}`).toBe(true);
			}
			expect(new Set(after.map(({ nth }) => nth)).size, `${what}: numbers in the series`).toBe(after.length);
			await update(id, {});
			const settled = await visits(id);
			await update(id, {});
			expect(await visits(id), `${what}: saved once more without a change`).toEqual(settled);
		}
		kept.now = NOW;
	}
});
