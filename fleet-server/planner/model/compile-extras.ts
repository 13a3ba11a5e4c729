/** What VROOM has not: consults, doctors, promised and preferred times, groups, series. */
import type { PlanProblem } from '@junkai/contracts';
import { lists, type Task, windows } from './compile.ts';
import { COST, type Model, NEVER, TIME } from './model.ts';

type Extras = Pick<
	Model,
	| 'consult'
	| 'preparation'
	| 'factual'
	| 'doctorsOf'
	| 'doctorHours'
	| 'soft'
	| 'preferredOpen'
	| 'preferredClose'
	| 'preferredRate'
	| 'promisedOpen'
	| 'promisedClose'
	| 'promisedVehicle'
	| 'promisedDoctor'
	| 'promisedCost'
	| 'group'
	| 'groupWeight'
	| 'groupNeed'
	| 'series'
	| 'seriesOf'
>;

export function compileExtras(problem: PlanProblem, tasks: readonly Task[]): Extras {
	const column = (of: (job: NonNullable<Task['job']>) => number | undefined, none: number): Float64Array =>
		Float64Array.from(tasks, ({ job }) => (job ? of(job) : undefined) ?? none);
	const number = (of: (job: NonNullable<Task['job']>) => number | undefined): Int32Array =>
		Int32Array.from(tasks, ({ job }) => (job ? of(job) : undefined) ?? -1);
	const vehicleNumbers = new Map(problem.vehicles.map((vehicle, at) => [vehicle.id, at]));
	const doctorNumbers = new Map((problem.doctors ?? []).map((doctor, at) => [doctor.id, at]));
	const facts = new Set(
		problem.vehicles.flatMap(({ steps = [] }) =>
			steps.flatMap((step) => (step.pinned && step.type === 'job' && step.service_at !== undefined ? [step.id] : [])),
		),
	);
	const promised = (id: number | undefined, of: ReadonlyMap<number, number>): number | undefined =>
		id === undefined ? undefined : of.get(id);
	return {
		consult: column((job) => job.consult && TIME * job.consult.duration, 0),
		preparation: column((job) => job.consult && TIME * job.consult.preparation, 0),
		factual: Uint8Array.from(tasks, ({ job }) => (job?.consult && facts.has(job.id) ? 1 : 0)),
		doctorsOf: lists(tasks.map((task) => ableDoctors(problem, task))),
		doctorHours: windows((problem.doctors ?? []).map((doctor) => doctor.time_windows)),
		soft: Uint8Array.from(tasks, ({ job }) =>
			(job?.appointment?.change_cost ?? 0) > 0 || (job?.preferred?.cost_per_hour ?? 0) > 0 ? 1 : 0,
		),
		preferredOpen: column((job) => job.preferred && TIME * job.preferred.time_window[0], 0),
		preferredClose: column((job) => job.preferred && TIME * job.preferred.time_window[1], NEVER),
		// COST / (TIME × 3600) is 1.
		preferredRate: column((job) => job.preferred?.cost_per_hour, 0),
		promisedOpen: column((job) => job.appointment && TIME * (job.appointment.start - job.appointment.tolerance), 0),
		promisedClose: column((job) => job.appointment && TIME * (job.appointment.start + job.appointment.tolerance), NEVER),
		promisedVehicle: number((job) => promised(job.appointment?.vehicle, vehicleNumbers)),
		promisedDoctor: number((job) => promised(job.appointment?.doctor, doctorNumbers)),
		promisedCost: column((job) => job.appointment && COST * job.appointment.change_cost, 0),
		...compileGroups(problem, tasks),
		...compileSeries(problem, tasks),
	};
}

/** Doctors who may attend a task, in the problem's order. */
function ableDoctors(problem: PlanProblem, { job }: Task): number[] {
	if (!job?.consult) return [];
	const { doctors, specialties = [], institution } = job.consult;
	const able: number[] = [];
	for (const [at, doctor] of (problem.doctors ?? []).entries()) {
		const named = doctors?.includes(doctor.id) ?? true;
		const skilled = specialties.every((one) => doctor.specialties?.includes(one));
		if (named && skilled && (institution === undefined || doctor.institution === institution)) able.push(at);
	}
	return able;
}

function compileGroups(problem: PlanProblem, tasks: readonly Task[]): Pick<Model, 'group' | 'groupWeight' | 'groupNeed'> {
	const { fairness } = problem;
	const weight = fairness?.weight ?? 0;
	const names = weight > 0 ? [...new Set(tasks.map(({ job }) => job?.group).filter((name) => name !== undefined))] : [];
	const group = Int32Array.from(tasks, ({ job }) => (job?.group === undefined ? -1 : names.indexOf(job.group)));
	return {
		group,
		groupWeight: Float64Array.from(names, () => weight),
		groupNeed: Float64Array.from(names, (name, g) => fairness?.need?.[name] ?? group.filter((one) => one === g).length),
	};
}

function compileSeries(problem: PlanProblem, tasks: readonly Task[]): Pick<Model, 'series' | 'seriesOf'> {
	const numbers = new Map(tasks.flatMap(({ job }, at) => (job ? [[job.id, at] as const] : [])));
	const of = tasks.map((): number[] => []);
	const series = (problem.series ?? []).map((one, at) => {
		const members = one.jobs.map((id) => numbers.get(id)).filter((task) => task !== undefined);
		for (const task of members) of[task]!.push(at);
		return {
			tasks: members,
			least: one.gap[0],
			most: one.gap[1],
			otherCrew: COST * one.other_crew_cost,
			otherWeekday: COST * one.other_weekday_cost,
		};
	});
	return { series, seriesOf: lists(of) };
}
