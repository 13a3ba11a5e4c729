import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planProblem, type PlanProblem, type PlanSolution, planSolution } from '@junkai/contracts';
import { describe, expect, test } from 'vitest';
import { checkPlan } from './index.ts';
import { planByHand, sampleDay } from './sample-day.ts';

const right = planByHand(sampleDay);
const rulesOf = (problem: PlanProblem, solution: PlanSolution) => checkPlan(problem, solution).map(({ rule }) => rule);

test('a right plan has no fault', () => {
	expect(checkPlan(sampleDay, right)).toEqual([]);
	expect(right.routes?.map(({ steps }) => steps.length)).toEqual([9, 5]);
	expect(right.unassigned?.map(({ id }) => id)).toEqual([5]);
});

type Plan = { [Part in 'summary' | 'routes' | 'unassigned' | 'doctors']: NonNullable<PlanSolution[Part]> } & { code: number };
type Step = Plan['routes'][number]['steps'][number];

const step = (plan: Plan, vehicle: number, type: string, id?: number): Step => {
	const found = plan.routes
		.find((route) => route.vehicle === vehicle)
		?.steps.find((other) => other.type === type && (id === undefined || other.id === id));
	if (!found) throw new Error(`no ${type} ${id}`);
	return found;
};
const one = (plan: Plan) => plan.routes[0]!;
const two = (plan: Plan) => plan.routes[1]!;
const swap = (steps: Step[], a: number, b: number) => ([steps[a], steps[b]] = [steps[b]!, steps[a]!]);

/** One thing broken in the plan, and the rule that must tell. */
const brokenPlans: [string, string, (plan: Plan) => void][] = [
	['an arrival a second late', 'arrival', (plan) => step(plan, 1, 'pickup').arrival++],
	['an arrival a second early', 'arrival', (plan) => step(plan, 2, 'job', 4).arrival--],
	['a whole route shifted to begin too early', 'vehicle_hours', (plan) => two(plan).steps.forEach((s) => (s.arrival -= 7200))],
	['the end a second late', 'arrival', (plan) => one(plan).steps.at(-1)!.arrival++],
	['waiting of a second nobody had', 'arrival', (plan) => step(plan, 1, 'delivery').waiting_time++],
	['negative waiting', 'duration', (plan) => (step(plan, 1, 'delivery').waiting_time = -60)],
	['two steps swapped', 'arrival', (plan) => swap(one(plan).steps, 1, 2)],
	['delivery before pickup', 'precedence', (plan) => swap(one(plan).steps, 4, 5)],
	['a shipment across a reload', 'precedence', (plan) => swap(one(plan).steps, 3, 4)],
	['a break dropped', 'break', (plan) => two(plan).steps.splice(2, 1)],
	['a break doubled', 'break', (plan) => two(plan).steps.splice(2, 0, { ...two(plan).steps[2]! })],
	['a break at another place', 'steps', (plan) => (step(plan, 2, 'break').location_index = 4)],
	['a job doubled', 'once', (plan) => two(plan).steps.splice(3, 0, { ...two(plan).steps[3]! })],
	['a job dropped', 'once', (plan) => one(plan).steps.splice(7, 1)],
	['a job both done and left out', 'once', (plan) => plan.unassigned.push({ type: 'job', id: 4 })],
	['half a shipment', 'once', (plan) => (one(plan).steps.splice(5, 1), plan.unassigned.push({ type: 'delivery', id: 1 }))],
	['an unknown job', 'steps', (plan) => (step(plan, 2, 'job', 4).id = 44)],
	['an unknown job left out', 'unassigned', (plan) => plan.unassigned.push({ type: 'job', id: 44 })],
	['a pinned step moved', 'pinned', (plan) => swap(one(plan).steps, 1, 4)],
	['an unknown vehicle', 'vehicle', (plan) => (two(plan).vehicle = 9)],
	['a vehicle in two routes', 'vehicle', (plan) => (two(plan).vehicle = 1)],
	['no start', 'steps', (plan) => one(plan).steps.shift()],
	['no end', 'steps', (plan) => one(plan).steps.pop()],
	['another doctor than the specialty asks', 'doctor', (plan) => (step(plan, 1, 'job', 1).consult!.doctor = 2)],
	['an unknown doctor', 'doctor_missing', (plan) => (step(plan, 2, 'job', 3).consult!.doctor = 9)],
	['no doctor', 'consult', (plan) => delete step(plan, 2, 'job', 3).consult],
	['a consult where none is asked', 'consult', (plan) => (step(plan, 2, 'job', 4).consult = { doctor: 2, start: 1, end: 2 })],
	['a consult that begins with the preparation', 'consult', (plan) => (step(plan, 2, 'job', 3).consult!.start -= 600)],
	['a consult cut short', 'consult', (plan) => step(plan, 1, 'job', 1).consult!.end--],
	['a doctor list that lacks a consult', 'doctors', (plan) => plan.doctors[0]!.consults.pop()],
	['a doctor list with another time', 'doctors', (plan) => plan.doctors[0]!.consults[0]!.start++],
	['no meeting point where there is no signal', 'signal', (plan) => delete step(plan, 1, 'job', 1).meeting_point],
	['a meeting point that is not there', 'steps', (plan) => (step(plan, 1, 'job', 1).meeting_point = 3)],
	['a wrong place', 'location_index', (plan) => (step(plan, 1, 'job', 2).location_index = 6)],
	['a wrong spot on the map', 'location', (plan) => (step(plan, 1, 'job', 2).location = [135.5, 33.9])],
	['another job named', 'job', (plan) => (step(plan, 1, 'job', 2).job = 6)],
	['a wrong load', 'load', (plan) => step(plan, 1, 'reload').load![0]!++],
	['no load', 'load', (plan) => delete step(plan, 1, 'pickup').load],
	['a wrong setup', 'setup', (plan) => step(plan, 1, 'job', 1).setup--],
	['a wrong service', 'service', (plan) => step(plan, 2, 'job', 4).service--],
	['a wrong travel time', 'duration', (plan) => step(plan, 2, 'job', 3).duration++],
	['a wrong distance', 'distance', (plan) => step(plan, 1, 'job', 2).distance!++],
	['a distance at a break that is not on the leg', 'distance', (plan) => (step(plan, 1, 'break').distance! += 30_000)],
	['a wrong route distance', 'distance', (plan) => one(plan).distance!++],
	['no route distance', 'distance', (plan) => delete one(plan).distance],
	['a wrong sum of waiting', 'waiting_time', (plan) => one(plan).waiting_time++],
	['a wrong sum of service', 'service', (plan) => two(plan).service--],
	['a wrong priority', 'priority', (plan) => one(plan).priority++],
	['a wrong sum of deliveries', 'delivery', (plan) => one(plan).delivery![0]!--],
	['a wrong cost of a route', 'cost', (plan) => ((one(plan).cost += 4), (plan.summary.cost += 4))],
	['a wrong cost of the plan', 'summary', (plan) => plan.summary.cost--],
	['a wrong cost by kind', 'costs', (plan) => ((plan.summary.costs!.meeting! += 5), (plan.summary.costs!.task! -= 5))],
	['costs by kind that do not add up', 'costs', (plan) => (plan.summary.costs!.travel! += 3)],
	['a wrong count of routes', 'summary', (plan) => plan.summary.routes++],
	['a wrong count of what is left out', 'summary', (plan) => (plan.summary.unassigned = 0)],
	['a wrong sum of travel', 'summary', (plan) => plan.summary.duration++],
	['a wrong sum of distance', 'summary', (plan) => plan.summary.distance!--],
	['a violation', 'violations', (plan) => step(plan, 1, 'job', 2).violations.push({ cause: 'delay', duration: 1 })],
	['a violation of a route', 'violations', (plan) => two(plan).violations.push({ cause: 'load' })],
	['a violation of the plan', 'summary', (plan) => plan.summary.violations.push({ cause: 'load' })],
	['an error', 'code', (plan) => (plan.code = 1)],
];

describe('each broken plan is told', () => {
	test.each(brokenPlans)('%s: %s', (_, rule, breakIt) => {
		const plan = structuredClone(right) as Plan;
		breakIt(plan);
		expect(rulesOf(sampleDay, plan)).toContain(rule);
	});
});

/** The same plan under a problem with one rule that it does not keep. */
const narrowed: [string, string, (problem: PlanProblem) => void][] = [
	['a window that ends before', 'time_window', (p) => (p.jobs![2]!.time_windows = [[9 * 3600, 9.9 * 3600]])],
	[
		'a window with a gap just there',
		'time_window',
		(p) =>
			(p.jobs![0]!.time_windows = [
				[8 * 3600, 8.9 * 3600],
				[11 * 3600, 12 * 3600],
			]),
	],
	['a capacity of one less', 'load', (p) => (p.vehicles[0]!.capacity = [3])],
	['a second load that nobody wrote down', 'load', (p) => (p.jobs![1]!.delivery = [2, 1])],
	['a skill the van has not', 'skills', (p) => (p.jobs![3]!.skills = [4])],
	['a vehicle that is not allowed', 'vehicles', (p) => (p.jobs![3]!.vehicles = [1])],
	['one task too many', 'max_tasks', (p) => (p.vehicles[0]!.max_tasks = 4)],
	['too much travel', 'max_travel_time', (p) => (p.vehicles[0]!.max_travel_time = 6000)],
	['too long a way', 'max_distance', (p) => (p.vehicles[0]!.max_distance = 90_000)],
	['too long a day', 'max_duration', (p) => (p.vehicles[0]!.max_duration = 3600)],
	['too long without a rest', 'driving_limit', (p) => (p.vehicles[0]!.driving_limit = { seconds: 2000, rest: 900 })],
	['no second trip', 'max_trips', (p) => (p.vehicles[0]!.max_trips = 1)],
	['a day that ends before', 'vehicle_hours', (p) => (p.vehicles[0]!.time_window = [8 * 3600, 11 * 3600])],
	['a day that begins later', 'vehicle_hours', (p) => (p.vehicles[1]!.time_window = [10.9 * 3600, 15 * 3600])],
	['a lunch at another hour', 'break', (p) => (p.vehicles[0]!.breaks![0]!.time_windows = [[12 * 3600, 13 * 3600]])],
	['a break with a full van', 'break', (p) => (p.vehicles[0]!.breaks![0]!.max_load = [1])],
	['no way on an arc that is used', 'no_way', (p) => ((p.matrices!['car']!.durations as number[][])[6]![5] = 0xffffffff)],
	['no way by the distances alone', 'no_way', (p) => ((p.matrices!['car']!.distances as number[][])[6]![5] = 0xffffffff)],
	['a slower road', 'arrival', (p) => ((p.matrices!['car']!.durations as number[][])[6]![5] = 601)],
	['a slower van', 'arrival', (p) => (p.vehicles[0]!.speed_factor = 0.89)],
	['a doctor who leaves before', 'doctor_hours', (p) => (p.doctors![0]!.time_windows = [[9 * 3600, 10 * 3600]])],
	['a doctor of another house', 'doctor', (p) => (p.jobs![0]!.consult!.institution = 'B')],
	['a doctor who is not among those named', 'doctor', (p) => (p.jobs![2]!.consult!.doctors = [2])],
	['a longer consult that meets the next', 'doctor_busy', (p) => (p.jobs![0]!.consult!.duration = 5400)],
	['no signal at the meeting point', 'signal', (p) => (p.jobs![0]!.meeting_points![0]!.signal = false)],
	['a gap in days that is longer', 'series', (p) => (p.series![0]!.gap = [3, 4])],
	['a series the other way round', 'series', (p) => (p.series![0]!.jobs = [3, 2])],
	['a crew that costs more', 'summary', (p) => (p.series![0]!.other_crew_cost = 12)],
	['a town that is left out', 'summary', (p) => (p.fairness!.weight = 60)],
	['an appointment at another time', 'cost', (p) => (p.jobs![0]!.appointment!.start = 7 * 3600)],
	['an appointment with another doctor', 'cost', (p) => (p.jobs![0]!.appointment!.doctor = 2)],
	['a wish that costs more', 'cost', (p) => (p.jobs![2]!.preferred!.cost_per_hour = 80)],
	['a meeting point that costs more', 'cost', (p) => (p.jobs![0]!.meeting_points![0]!.cost = 9)],
	['a dearer kilometre', 'cost', (p) => (p.vehicles[0]!.costs!.per_km = 21)],
	['a dearer hour of work', 'cost', (p) => (p.vehicles[0]!.costs!.per_task_hour = 605)],
	['a price for the van', 'cost', (p) => (p.vehicles[1]!.costs = { fixed: 2 })],
	[
		'another cost of the ways',
		'cost',
		(p) => (p.matrices!['car']!.costs = p.matrices!['car']!.durations!.map((r) => r.map((c) => c * 2))),
	],
	['another pinned step', 'pinned', (p) => (p.vehicles[0]!.steps![0]!.id = 1)],
	['a pinned step at another time', 'pinned', (p) => (p.vehicles[0]!.steps![0]!.service_at = 8 * 3600)],
	['a longer setup', 'setup', (p) => (p.jobs![0]!.setup = 121)],
	['a longer reload', 'service', (p) => (p.vehicles[0]!.reload!.service = 301)],
];

describe('each rule that the plan does not keep is told', () => {
	test.each(narrowed)('%s: %s', (_, rule, narrow) => {
		const problem = structuredClone(sampleDay);
		narrow(problem);
		expect(rulesOf(problem, right)).toContain(rule);
	});
});

describe('hidden hundredths of a second', () => {
	const problem = (speed: number, close: number): PlanProblem =>
		planProblem.parse({
			jobs: [{ id: 1, location_index: 1, service: 10, time_windows: [[0, close]] }],
			vehicles: [{ id: 1, start_index: 0, end_index: 0, speed_factor: speed, time_window: [0, 1000] }],
			matrices: {
				car: {
					durations: [
						[0, 101],
						[101, 0],
					],
				},
			},
		});

	test('a fraction may be cut, once, and no more', () => {
		// 101 s at factor 1.1 are 91.91 s.
		const plan = planByHand(problem(1.1, 100), { 1: ['job 1'] });
		expect(plan.routes?.[0]?.steps.map(({ arrival }) => arrival)).toEqual([0, 91, 193]);
		expect(checkPlan(problem(1.1, 100), plan)).toEqual([]);
		const off = structuredClone(plan);
		off.routes![0]!.steps[2]!.arrival = 194;
		off.routes![0]!.steps[2]!.duration = 184;
		expect(rulesOf(problem(1.1, 100), off)).toContain('arrival');
	});

	test('a window that ends within the fraction is missed', () => {
		const plan = planByHand(problem(1.1, 92), { 1: ['job 1'] });
		expect(rulesOf(problem(1.1, 91), plan)).toContain('time_window');
	});
});

/** VROOM's own answers must be right, or the checker is wrong. */
test('thirty answers of VROOM pass', (context) => {
	const folder = process.env['JUNKAI_VROOM_CORPUS'];
	if (!folder) return context.skip('set JUNKAI_VROOM_CORPUS to a folder with problems NAME.json and answers NAME.vroom.json');
	const names = readdirSync(folder).filter((name) => name.endsWith('.vroom.json'));
	expect(names.length).toBeGreaterThan(0);
	for (const name of names) {
		const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
		const faults = checkPlan(planProblem.parse(read(name.replace('.vroom', ''))), planSolution.parse(read(name)));
		expect(faults, name).toEqual([]);
	}
});
