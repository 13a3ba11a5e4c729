/**
 * Measures the records of a large site: 20 vans, 20,000 patients, 100,000 visits. `node fleet-server/registry/bench-process.ts`
 *
 * Beside the time that each step takes it tells the most that it held the server's one thread at a stretch, as that thread's own
 * processor time between two turns of the event loop: other programs on the machine do not count.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../planner/random.ts';
import { conflictsBetween } from './conflicts/index.ts';
import { seedDemo } from './demo/seed.ts';
import { bodyOf, type Change } from './index.ts';
import { openTestRecords, patientOf, region, requestOf, TODAY } from './test-records.ts';

const PATIENTS = 20_000;
const kept = openTestRecords();
const { records } = kept;

/** Of this thread, ms. */
const processorTime = (): number => {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function measure(what: string, step: () => Promise<unknown>, times = 10): Promise<void> {
	let [last, held, on] = [processorTime(), 0, true];
	const look = (): void => {
		const now = processorTime();
		held = Math.max(held, now - last);
		last = now;
		if (on) setImmediate(look);
	};
	setImmediate(look);
	const took: number[] = [];
	for (let time = 0; time < times; time++) {
		const begin = performance.now();
		await step();
		took.push(performance.now() - begin);
		await sleep(1);
	}
	on = false;
	await sleep(1);
	const sorted = took.toSorted((a, b) => a - b);
	const figures = [sorted[sorted.length >> 1]!, sorted.at(-1)!, held].map((ms) => `${ms.toFixed(1)} ms`.padStart(11));
	say(`${what.padEnd(54)}${figures.join('')}`);
}

const random = createRandom(1);
/** Patients like those of the demonstration, each with a request that returns every 20 days. */
async function moreOf(count: number): Promise<Change[]> {
	const like = await records.patients.all(1000);
	const any = () => like[random.below(like.length)]!;
	return (await records.reserve('patient', count)).flatMap((id): Change[] => {
		const body = { ...bodyOf<'patient'>(any()), name: { family: any().name.family, given: any().name.given } };
		const day = (first: number) => `2026-12-${String(first + random.below(9)).padStart(2, '0')}`;
		const recurrence = { everyDays: 20, times: 5, until: null, tolerance: 2 };
		return [
			{ kind: 'patient', op: 'create', id, body },
			{ kind: 'request', op: 'create', body: requestOf(id, { from: day(1), until: day(10), recurrence }) },
		];
	});
}

say(`${''.padEnd(54)}${['median', 'longest', 'held'].map((title) => title.padStart(11)).join('')}`);
const size = { seed: 1, vans: 20, doctors: 10, visits: 200, date: TODAY, days: 7 };
await measure('demonstration of a week: 1,070 patients', () => seedDemo(records, region, size), 1);
const large = await moreOf(5000);
await measure('one batch of 5,000 patients with 25,000 visits', () => records.commit(large, 'import'), 1);
for (let missing = PATIENTS - (await records.patients.count()); missing > 0; missing -= 2000) {
	await records.commit(await moreOf(Math.min(2000, missing)), 'import');
}
say(
	`${await records.patients.count()} patients, ${await records.requests.count()} requests, ${await records.visits.count()} visits`,
);
await measure('a patient by number', () => records.patients.get(12_345));
await measure('1,000 patients by number', () => records.patients.find(Array.from({ length: 1000 }, (_, at) => at * 19 + 1)));
await measure('10,000 patients', () => records.patients.all(10_000), 3);
for (const text of ['北野', 'たなか', '0735-00-12', '本宮町']) {
	await measure(`50 patients with "${text}"`, () => records.patients.search(text, 50));
}
const open = { state: ['open', 'planned'] } as const;
await measure('visits that may be made on a day, 6,000', () => records.visits.between('2026-12-03', '2026-12-03', open), 5);
await measure('visits of a week, 1,100', () => records.visits.between(TODAY, '2026-11-30', open));
await measure('20,000 visits', () => records.visits.between(null, null, { limit: 20_000 }), 3);
await measure('visits of a patient', () => records.visits.between(null, null, { patient: 2345 }));
await measure('a new patient', () => records.keep({ kind: 'patient', op: 'create', body: patientOf() }, 'a'), 50);
const week = (await records.visits.between(TODAY, '2026-11-30', { state: 'open' })).slice(0, 1000).map(({ id }) => id);
const plan = { vehicle: 'van-1', from: kept.now, to: kept.now + 1_500_000, doctor: 1 };
await measure(
	'1,000 visits planned',
	() =>
		records.revise(
			'visit',
			week,
			(one) => ({ ...bodyOf<'visit'>(one), state: 'planned', planned: { ...plan, date: one.from } }),
			'a',
		),
	3,
);
await measure('conflicts of a week', () => conflictsBetween(records, TODAY, '2026-11-30', false), 5);
await measure('conflicts of 400 days', () => conflictsBetween(records, TODAY, '2027-12-29', true), 1);
kept.now += 30 * 86_400_000;
await measure('visits made ahead after a month', () => records.extend(), 1);
await measure('closed and opened again', () => kept.reopen(), 3);
await kept.remove();
