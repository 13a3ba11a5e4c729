/** What a day of care came to, reckoned from its stops alone and in the same way for every plan. */
import type { PlanProblem, PlanSolution } from '@junkai/contracts';

export interface DayFigures {
	readonly served: number;
	readonly asked: number;
	/** Visits with a doctor among those served. */
	readonly consults: number;
	/** Seconds that doctors are on duty without a patient between the first and the last consult of each of their duties. */
	readonly doctorIdle: number;
	/** Share of the doctors' hours spent with patients. */
	readonly doctorUse: number;
	/** Seconds that each patient waited with the nurse for the doctor, beyond the nurse's preparation. */
	readonly waits: readonly number[];
	/** Visits that began after the time that was promised. */
	readonly late: number;
	readonly metres: number;
	/** Travel, distance and patients asked to come elsewhere, in the problem's money. */
	readonly cost: number;
}

type Job = NonNullable<PlanProblem['jobs']>[number];

export function figuresOf(problem: PlanProblem, solution: PlanSolution): DayFigures {
	const jobs = new Map<number, Job>((problem.jobs ?? []).map((job) => [job.id, job]));
	const consults = new Map<number, { start: number; end: number }[]>();
	const waits: number[] = [];
	let [served, late, metres, cost] = [0, 0, 0, 0];
	for (const route of solution.routes ?? []) {
		const vehicle = problem.vehicles.find(({ id }) => id === route.vehicle)!;
		const { durations = [], distances = [] } = problem.matrices?.[vehicle.profile ?? 'car'] ?? {};
		let [at, seconds, driven] = [vehicle.start_index!, 0, 0];
		for (const step of route.steps) {
			const job = step.type === 'job' ? jobs.get(step.id!) : undefined;
			const point = step.meeting_point === undefined ? undefined : job?.meeting_points?.[step.meeting_point];
			const place = step.type === 'end' ? vehicle.end_index : (point?.location_index ?? job?.location_index);
			if (place !== undefined) {
				seconds += durations[at]?.[place] ?? 0;
				driven += distances[at]?.[place] ?? 0;
				at = place;
			}
			if (!job) continue;
			served++;
			cost += point?.cost ?? 0;
			const window = job.time_windows?.[0] ?? [0, Infinity];
			if (step.arrival + step.waiting_time > window[1]) late++;
			if (!step.consult || !job.consult) continue;
			waits.push(step.consult.start - job.consult.preparation - Math.max(step.arrival, window[0]));
			const own = consults.get(step.consult.doctor) ?? [];
			own.push(step.consult);
			consults.set(step.consult.doctor, own);
		}
		metres += driven;
		cost += ((vehicle.costs?.per_hour ?? 3600) * seconds) / 3600 + ((vehicle.costs?.per_km ?? 0) * driven) / 1000;
	}
	const asked = jobs.size;
	return { served, asked, consults: waits.length, waits, late, metres, cost, ...doctorsOf(problem, consults) };
}

function doctorsOf(
	problem: PlanProblem,
	consults: ReadonlyMap<number, { start: number; end: number }[]>,
): Pick<DayFigures, 'doctorIdle' | 'doctorUse'> {
	let [idle, busy, hours] = [0, 0, 0];
	for (const doctor of problem.doctors ?? []) {
		for (const [from, to] of doctor.time_windows ?? []) {
			hours += to - from;
			const own = (consults.get(doctor.id) ?? []).filter(({ start }) => start >= from && start < to);
			if (own.length === 0) continue;
			const taken = own.reduce((sum, { start, end }) => sum + end - start, 0);
			busy += taken;
			idle += Math.max(...own.map(({ end }) => end)) - Math.min(...own.map(({ start }) => start)) - taken;
		}
	}
	return { doctorIdle: idle, doctorUse: hours === 0 ? 0 : busy / hours };
}

/** Columns of the table, in its order. */
const columns: readonly [title: string, of: (figures: DayFigures) => string][] = [
	['visits served', ({ served, asked }) => `${served} of ${asked}`],
	['consults', ({ consults }) => String(consults)],
	['doctors idle', ({ doctorIdle }) => `${(doctorIdle / 3600).toFixed(1)} h`],
	['doctors with patients', ({ doctorUse }) => `${(doctorUse * 100).toFixed(0)} %`],
	['wait for the doctor, mean', ({ waits }) => `${(mean(waits) / 60).toFixed(1)} min`],
	['longest', ({ waits }) => `${(Math.max(0, ...waits) / 60).toFixed(0)} min`],
	['begun too late', ({ late }) => String(late)],
	['driven', ({ metres }) => `${(metres / 1000).toFixed(0)} km`],
	['km a visit', ({ metres, served }) => (served === 0 ? '–' : (metres / 1000 / served).toFixed(1))],
	['cost', ({ cost }) => `¥${Math.round(cost).toLocaleString('en-US')}`],
];

const mean = (values: readonly number[]): number =>
	values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** A Markdown table, one plan a row. */
export function tableOf(plans: readonly (readonly [name: string, figures: DayFigures])[]): string {
	const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	return [
		row(['plan', ...columns.map(([title]) => title)]),
		row(['---', ...columns.map(() => '---:')]),
		...plans.map(([name, figures]) => row([name, ...columns.map(([, of]) => of(figures))])),
	].join('\n');
}
