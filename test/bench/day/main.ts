/**
 * A day of care: 20 vans, 8 doctors, 200 visits in 23 municipalities, made up by seed from the facts of the region. Our plan
 * beside two that a good dispatcher makes by hand rules, and the day planned anew after roads have closed at noon. README.md
 * says how each figure is meant.
 */
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { PlanProblemInput, PlanSolution } from '@junkai/contracts';
import {
	changesOf,
	generateDay,
	optimize,
	parseProblem,
	problemOfDay,
	replanOf,
	roadsOf,
	type Closure,
	type DayProblem,
	type Roads,
} from '@junkai/fleet-server/dispatch';
import { ensureMap } from '@junkai/fleet-server/map';
import { loadRegion, type Region } from '@junkai/regions';
import { figuresOf, tableOf } from './figures.ts';
import { followRoutes, nearestFirst } from './hand-rules.ts';

const NOON = 12 * 3600;
/** Seconds from the closure to the new plan, the matrices of the roads that are left included. */
const REPLAN_SECONDS = 2;
/** Of these: to check the plan and to write it, and what the search gets however long the matrices took. */
const REPLAN_CHECKS = 0.2;
const REPLAN_LEAST = 0.5;
/** Yen for each promise that is changed. */
const CHANGE_COST = 3000;
/** So much rain since it began closes the roads of the scenario, mm; and which roads these are. */
const RAIN_MM = 180;
const RAINED_ON = ['R168', 'R311'];

const { values } = parseArgs({
	options: {
		seed: { type: 'string', default: '1' },
		seconds: { type: 'string', default: '10' },
		threads: { type: 'string', default: '2' },
		vans: { type: 'string', default: '20' },
		doctors: { type: 'string', default: '8' },
		visits: { type: 'string', default: '200' },
		data: { type: 'string', default: join(tmpdir(), 'junkai-bench-day') },
		problem: { type: 'boolean', default: false },
	},
});
const whole = (name: 'seed' | 'seconds' | 'threads' | 'vans' | 'doctors' | 'visits'): number => {
	const value = Number(values[name]);
	if (Number.isInteger(value) && value > 0) return value;
	console.error(`--${name}: a whole number above 0 is expected, not "${values[name]}"`);
	process.exit(2);
};
const [seed, seconds, threads] = [whole('seed'), whole('seconds'), whole('threads')];
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const region = loadRegion();
await ensureMap(region.id, values.data, say);
const roads = await roadsOf(values.data, process.env['OSRM_URL'] || undefined);
try {
	await run(roads);
} finally {
	await roads.close();
}

async function run(on: Roads): Promise<void> {
	const day = generateDay(region, { seed, vans: whole('vans'), doctors: whole('doctors'), visits: whole('visits') });
	const given = await problemOfDay(region, day, { roads: on });
	if (values.problem) {
		console.log(JSON.stringify(given.problem));
		return;
	}
	say(`matrices of ${given.spots.length} places: ${ms(given.tableMs)}`);
	const problem = parseProblem(given.problem);
	say(`planning for ${seconds} s …`);
	const ours = await search(given.problem, seconds);
	say(`planning without doctors for ${seconds} s …`);
	const vansFirst = await search(withoutDoctors(given.problem), seconds);
	const order = new Map(
		(vansFirst.routes ?? []).map(({ vehicle, steps }) => [
			vehicle,
			steps.flatMap((step) => (step.type === 'job' ? [step.id!] : [])),
		]),
	);
	const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}`;
	console.log(`Seed ${seed}, ${seconds} s, ${threads} threads; ${machine}; roads by ${on.engine}.\n`);
	console.log(
		tableOf([
			['nearest first, doctors as they come', figuresOf(problem, nearestFirst(problem))],
			['vans first, doctors after', figuresOf(problem, followRoutes(problem, order))],
			['**Junkai**', figuresOf(problem, ours)],
		]),
	);
	console.log(await closedAtNoon(given, ours, on));
}

/** From its steps when the problem has some: what of them no longer holds is left out. */
async function search(problem: PlanProblemInput, within: number): Promise<PlanSolution> {
	return await optimize(parseProblem(problem), { seconds: within, threads, seed, repair: true });
}

/** The same visits as if the nurse were enough; those without signal at home are made where there is one. */
function withoutDoctors(problem: PlanProblemInput): PlanProblemInput {
	const { doctors: _, jobs = [], ...rest } = problem;
	return {
		...rest,
		jobs: jobs.map(({ consult, signal, meeting_points: points = [], ...job }) => {
			if (!consult) return job;
			const { preparation = 0, duration, rest: after = 0 } = consult;
			const place = signal === false ? points[0]?.location_index : undefined;
			const service = preparation + duration + after;
			return { ...job, service, ...(place === undefined ? {} : { location_index: place }) };
		}),
	};
}

/** Rain has closed roads at noon: the rest of the day, planned anew with and without a price on changed promises. */
async function closedAtNoon(given: DayProblem, plan: PlanSolution, on: Roads): Promise<string> {
	const closures = [rainOn(region)];
	const rows: string[] = [];
	for (const changeCost of [0, CHANGE_COST]) {
		const replan = await replanOf(given, plan, { roads: on, closures, now: NOON, changeCost });
		const within = Math.max(REPLAN_LEAST, REPLAN_SECONDS - REPLAN_CHECKS - replan.tableMs / 1000);
		say(`planning anew for ${within.toFixed(1)} s, ${changeCost} yen a change …`);
		const began = performance.now();
		const solution = await search(replan.problem, within);
		const took = performance.now() - began;
		const { moved, dropped } = changesOf(replan, solution);
		const open = (solution.routes ?? []).flatMap(({ steps }) => steps.filter(({ type }) => type === 'job')).length;
		const cells = [
			changeCost === 0 ? 'no' : `¥${changeCost.toLocaleString('en-US')}`,
			`${moved} of ${replan.promised.size}`,
			String(dropped),
			String(open),
			ms(replan.tableMs),
			ms(took),
			ms(replan.tableMs + took),
		];
		rows.push(`| ${cells.join(' | ')} |`);
	}
	return [
		`\n${RAIN_MM} mm of rain close ${RAINED_ON.join(' and ')} at noon:\n`,
		'| price a changed promise | promises changed | visits dropped | visits made after noon | matrices | planner | together |',
		'| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
		...rows,
	].join('\n');
}

/** The stretches of these roads that so much rain closes by the region's rules. */
function rainOn({ closures }: Region): Closure {
	const rules = closures.filter(({ ref, continuousMm = Infinity }) => RAINED_ON.includes(ref ?? '') && continuousMm <= RAIN_MM);
	return { id: `rain ${RAIN_MM} mm`, edges: [...new Set(rules.flatMap(({ edges }) => edges))] };
}

function ms(value: number): string {
	return `${(value / 1000).toFixed(2)} s`;
}
