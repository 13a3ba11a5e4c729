/**
 * Measures planning on a running server and the region's roads; Markdown on standard output.
 *
 * `node fleet-server/planning/bench-process.ts mend`: a day of 20 vans, 8 doctors and 200 visits is planned and published; at noon R168
 * and R311 close, then a van breaks down: how long the answer to a mend takes, and where that goes. `week`: 8 vans, 6 doctors and 290
 * visits in a week, planned whole and day by day. Flags: `--seed 1`, `--seconds 30` (of a whole week's search), `--threads 2`.
 */
import { parseArgs } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { planBoard, type DraftDay, type PlanBoard, type PlanMeasures, type RoadClosureBody } from '@junkai/contracts';
import { loadRegion } from '@junkai/regions';
import { underWay } from '../dispatch/moment.ts';
import { addDays, calendarOf } from '../registry/calendar.ts';
import { ensureMap } from '../roads/map.ts';
import { openRoads } from '../roads/open.ts';
import { quiet, startTestServer, temporaryFolder, until, type TestServer } from '../test-support.ts';
import type { Planned } from './protocol.ts';
import type { PlanningRecords } from './records.ts';
import { officeOf, recordsOf, type Office } from './test-records.ts';
import { PlanningThread } from './thread.ts';

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		seed: { type: 'string', default: '1' },
		seconds: { type: 'string', default: '30' },
		threads: { type: 'string', default: '2' },
	},
});
const [seed, seconds, threads] = [Number(values.seed), Number(values.seconds), Number(values.threads)];
const region = loadRegion();
const calendar = calendarOf(region.timeZone);
const DATE = '2026-11-24';
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const rounded = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

async function mends(): Promise<void> {
	const office = officeOf(region, { seed, vans: 20, doctors: 8, visits: 200, from: DATE });
	const options = { optimizeThreads: threads, clockStart: new Date(calendar.at('2026-11-23', '18:00')).toISOString() };
	const server = await startTestServer(options);
	try {
		await ensureMap('wakayama', server.dataDir, () => {});
		await fill(server, office);
		const watched = watchLoop();
		const plan = await madePlan(server, 10);
		const { most, usual } = watched();
		say(`The event loop while the day is planned: 99 % of its turns took less than ${usual} ms of work, the longest ${most} ms.\n`);
		const noon = calendar.at(DATE, '12:00');
		options.clockStart = new Date(noon).toISOString();
		await server.restart();
		// As far as it is at noon when everyone keeps to it.
		await send(server, 'PUT', '/plans/current', underWay(plan.days[0]!.draft, noon));
		await new Promise((resolve) => setTimeout(resolve, 3000));
		say('| what happened | answer after | visits | without a place | promises changed |\n| --- | ---: | ---: | ---: | ---: |');
		await mend(server, 'nothing');
		await mend(server, 'R168 and R311 close; asked for at once', () => send(server, 'POST', '/closures', closed()));
		await mend(server, 'the same, a moment later');
		await send(server, 'POST', '/closures', closed('all'));
		await new Promise((resolve) => setTimeout(resolve, 3000));
		await mend(server, 'all that 180 mm of rain close; asked for three seconds after');
		await mend(server, 'van-1 breaks down', () => breakDown(server, 'van-1'));
	} finally {
		await server.stop();
	}
}

/**
 * How long the main thread works without looking up, in milliseconds of its own processor time: what others take of the machine does
 * not count. Work between two looks, some milliseconds apart, is taken for one turn.
 */
function watchLoop(): () => { usual: string; most: string } {
	const turns: number[] = [];
	let before = process.threadCpuUsage();
	const timer = setInterval(() => {
		const { user, system } = process.threadCpuUsage(before);
		before = process.threadCpuUsage();
		turns.push((user + system) / 1000);
	}, 2);
	return () => {
		clearInterval(timer);
		const sorted = turns.toSorted((a, b) => a - b);
		const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
		return { usual: at(0.99), most: at(1) };
	};
}

async function mend(server: TestServer, what: string, happens: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
	await happens();
	const began = performance.now();
	const board = planBoard.parse(await send(server, 'POST', '/mends', { reason: what }));
	const took = performance.now() - began;
	const { visits, unassigned, changed } = board.measures!;
	say(`| ${what} | ${rounded(took)} | ${visits} | ${unassigned} | ${changed} |`);
}

/** The stretches of both roads that 180 mm of rain close by the region's rules. */
function closed(which?: 'all'): RoadClosureBody {
	const rules = region.closures.filter(
		({ ref, continuousMm = Infinity }) => (which === 'all' || ['R168', 'R311'].includes(ref ?? '')) && continuousMm <= 180,
	);
	const shape = { kind: 'rules' as const, rules: rules.map(({ id }) => id) };
	return { name: 'R168, R311', shape, from: calendar.at(DATE, '12:00'), until: null, source: 'rain', reason: '180 mm' };
}

async function breakDown(server: TestServer, vehicle: string): Promise<void> {
	const fleet = (await send(server, 'GET', '/fleet')) as { id: number; vehicle: string; version: number }[];
	const { id, version, ...van } = fleet.find((one) => one.vehicle === vehicle)!;
	const outages = [{ from: calendar.at(DATE, '12:00'), until: null, reason: '' }];
	await send(server, 'PUT', `/fleet/${id}?version=${version}`, { ...van, outages });
}

async function fill(server: TestServer, { fleet, staff, shifts, doctors, patients, requests }: Office): Promise<void> {
	const lists: Record<string, readonly object[]> = { fleet, staff, shifts, doctors, patients, requests };
	for (const [path, bodies] of Object.entries(lists)) for (const body of bodies) await send(server, 'POST', `/${path}`, body);
}

async function madePlan(server: TestServer, time: number): Promise<PlanBoard> {
	const { id } = (await send(server, 'POST', '/plan-boards', { from: DATE, seconds: time })) as { id: string };
	return await until(
		async () => {
			// Seldom and without a schema: what this process does itself must not be taken for the server's work.
			await new Promise((resolve) => setTimeout(resolve, 1000));
			const list = (await send(server, 'GET', '/plan-boards')) as PlanBoard[];
			const { progress } = list.find((one) => one.id === id)!;
			if (progress.state === 'failed') throw new Error(progress.problem ?? 'failed');
			return progress.state === 'ready' ? planBoard.parse(await send(server, 'GET', `/plan-boards/${id}`)) : null;
		},
		'the plan',
		120_000,
	);
}

async function send(server: TestServer, method: string, path: string, body?: object): Promise<unknown> {
	const response = await server.request('dispatcher', `/api/v1${path}`, {
		method,
		...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
	});
	const text = await response.text();
	if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
	return text === '' ? null : JSON.parse(text);
}

async function weeks(): Promise<void> {
	const folder = temporaryFolder();
	await ensureMap('wakayama', folder.path, () => {});
	const roads = await openRoads({ dataDir: folder.path, log: quiet });
	const thread = new PlanningThread(roads, { nice: false });
	const records = recordsOf(officeOf(region, { seed, vans: 8, doctors: 6, visits: 290, from: DATE, days: 7 }));
	const run = async (of: PlanningRecords, from: string, days: number, time: number): Promise<Planned> => {
		const now = calendar.at('2026-11-23', '18:00');
		const options = { from, days, vehicles: undefined, surge: false, fairness: 1, keep: 'published' as const, now };
		const job = { kind: 'plan' as const, region: region.id, records: of, options, search: { seconds: time, threads, seed } };
		return (await thread.run(job, { state: () => {}, progress: () => {} }))!;
	};
	say('| how | visits | driven | on the road | cost |\n| --- | ---: | ---: | ---: | ---: |');
	row('the whole week at once', [(await run(records, DATE, 7, seconds)).measures]);
	let left = records.visits;
	const days: PlanMeasures[] = [];
	for (let day = 0; day < 7; day++) {
		const date = addDays(DATE, day);
		if (!left.some(({ from, until: last }) => from <= date && date <= last)) continue;
		const planned = await run({ ...records, visits: left }, date, 1, seconds / 7);
		const [drawn] = JSON.parse(inflateRawSync(planned.days).toString()) as DraftDay[];
		const made = new Set(
			drawn!.draft.routes.flatMap(({ stops }) => stops.flatMap(({ visits }) => visits.map(({ visit }) => visit))),
		);
		left = left.filter(({ id }) => !made.has(id));
		days.push(drawn!.measures);
	}
	row('day by day', days);
	await thread.stop();
	await roads.close();
	folder.remove();
}

function row(how: string, parts: readonly PlanMeasures[]): void {
	const sum = (of: (one: PlanMeasures) => number): number => parts.reduce((total, one) => total + of(one), 0);
	const cost = sum(({ costs }) => (costs.travel ?? 0) + (costs.distance ?? 0) + (costs.meeting ?? 0));
	const km = Math.round(sum(({ distance }) => distance) / 1000);
	const hours = (sum(({ travel }) => travel) / 3600).toFixed(1);
	say(`| ${how} | ${sum(({ visits }) => visits)} | ${km} km | ${hours} h | ¥${Math.round(cost).toLocaleString('en-US')} |`);
}

const work = { mend: mends, week: weeks }[positionals[0] ?? ''];
if (!work) {
	process.stderr.write('which measurement? mend or week\n');
	process.exitCode = 2;
} else await work();
