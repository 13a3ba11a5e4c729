/** Plays a day of rain while the clock is a demonstration's: writes closures as service time passes, and lifts them again. */
import type { RainScenario, RoadClosureBody } from '@junkai/contracts';
import type { Region, Scenario } from '@junkai/regions';
import type { Logger } from 'pino';
import type { ServiceClock } from '../clock.ts';
import { FleetServerError, messageOf } from '../errors.ts';
import { bodyOf, type Records } from '../registry/index.ts';
import { rainAt, rainCourse, type RainCourse } from './rain.ts';

const HOUR_MS = 3_600_000;
const TICK_MS = 400;
/** Who changes the closures: nobody signs in by a name with a space. */
const BY = 'rain scenario';

export interface ScenariosOptions {
	readonly region: Region;
	readonly clock: ServiceClock;
	readonly records: Records;
	readonly log: Logger;
}

interface Known {
	readonly scenario: Scenario;
	readonly course: RainCourse;
}
interface Running extends Known {
	readonly began: number;
	/** Rules that were written as closed, each with the record that holds it. */
	readonly written: Map<string, number>;
}

export class Scenarios {
	readonly #options: ScenariosOptions;
	readonly #known: ReadonlyMap<string, Known>;
	readonly #timer: NodeJS.Timeout;
	#running: Running | null = null;
	/** One step at a time: what is written next depends on what is. */
	#queue: Promise<unknown>;

	constructor(options: ScenariosOptions) {
		this.#options = options;
		const { region, clock } = options;
		this.#known = new Map(region.scenarios.map((scenario) => [scenario.id, { scenario, course: rainCourse(region, scenario) }]));
		// A server that was stopped in the middle of the rain left roads closed.
		this.#queue = clock.facts.simulated ? this.#liftAll().catch((error: unknown) => this.#fail(error)) : Promise.resolve();
		this.#timer = setInterval(() => void this.#next(() => this.#step()), TICK_MS);
		this.#timer.unref();
	}

	list(): RainScenario[] {
		return [...this.#known.values()].map((one) => this.#view(one));
	}

	/** Begins `hour` hours into the rain. Null: there is no such scenario. Throws `conflict` while another one runs or without a demonstration's clock. */
	async start(id: string, hour: number, by: string): Promise<RainScenario | null> {
		const known = this.#known.get(id);
		if (!known) return null;
		const { clock, log } = this.#options;
		if (!clock.facts.simulated) {
			throw new FleetServerError('conflict', 'the clock is the real one: rain is played in a demonstration only');
		}
		await this.#next(async () => {
			if (this.#running) {
				throw new FleetServerError('conflict', `"${this.#running.scenario.id}" is running; stop it first`);
			}
			this.#running = { ...known, began: Math.round(clock.now()) - hour * HOUR_MS, written: new Map() };
			log.info({ scenario: id, hour, by }, 'a rain scenario was started');
			await this.#step();
		});
		return this.#view(known);
	}

	/** Lifts what it closed. Null: there is no such scenario. */
	async stop(id: string, by: string): Promise<RainScenario | null> {
		const known = this.#known.get(id);
		if (!known) return null;
		await this.#next(async () => {
			if (this.#running?.scenario.id !== id) throw new FleetServerError('conflict', `"${id}" does not run`);
			this.#running = null;
			this.#options.log.info({ scenario: id, by }, 'a rain scenario was stopped');
			await this.#liftAll();
		});
		return this.#view(known);
	}

	/** Ends without lifting anything: the next start of the server does. */
	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#running = null;
		await this.#queue;
	}

	#next(step: () => Promise<void>): Promise<void> {
		const result = this.#queue.then(step);
		this.#queue = result.catch((error: unknown) => {
			if (!(error instanceof FleetServerError && error.code === 'conflict')) this.#fail(error);
		});
		return result.catch((error: unknown) => {
			if (error instanceof FleetServerError) throw error;
			throw new FleetServerError('store', 'the closures of the rain could not be written', { cause: error });
		});
	}

	#fail(error: unknown): void {
		this.#options.log.error({ reason: messageOf(error) }, 'the closures of a rain scenario could not be written');
	}

	/** Brings the closures to what the rain asks for now. */
	async #step(): Promise<void> {
		const running = this.#running;
		if (!running) return;
		const { clock } = this.#options;
		const hour = (clock.now() - running.began) / HOUR_MS;
		const closed = new Set(rainAt(running.course, hour).closed);
		for (const step of running.course.steps) {
			const due = step.closes.filter((rule) => closed.has(rule) && !running.written.has(rule));
			if (due.length > 0 && step.hour <= hour) await this.#write(running, step.hour, due);
		}
		const opened = [...running.written].filter(([rule]) => !closed.has(rule));
		if (opened.length > 0) {
			await this.#lift([...new Set(opened.map(([, id]) => id))]);
			for (const [rule] of opened) running.written.delete(rule);
		}
		if (running.written.size === 0 && hour > running.course.hours.at(-1)!.hour) this.#running = null;
	}

	async #write(running: Running, hour: number, rules: readonly string[]): Promise<void> {
		const { scenario, course, began } = running;
		const { mm, hourMm } = course.hours[hour]!;
		const body: RoadClosureBody = {
			name: `${scenario.name.ja}：連続${Math.round(mm)} mm・1時間${Math.round(hourMm)} mm`,
			shape: { kind: 'rules', rules: [...rules] },
			from: Math.round(began + hour * HOUR_MS),
			until: null,
			source: 'rain',
			reason: `演習：降り始めから${hour}時間で規制値に達した区間`,
		};
		const record = await this.#options.records.keep({ kind: 'closure', op: 'create', body }, BY);
		for (const rule of rules) running.written.set(rule, record.id);
	}

	/** Everything that any scenario closed and nobody else has taken over. */
	async #liftAll(): Promise<void> {
		const { records, clock } = this.#options;
		const inForce = await records.closures.between(0, clock.now());
		await this.#lift(
			inForce.filter(({ source, updatedBy, until }) => source === 'rain' && updatedBy === BY && until === null).map(({ id }) => id),
		);
	}

	async #lift(ids: readonly number[]): Promise<void> {
		const { records, clock } = this.#options;
		const now = Math.round(clock.now());
		await records.revise(
			'closure',
			ids,
			(closure) => (closure.until !== null ? null : { ...bodyOf<'closure'>(closure), until: Math.max(now, closure.from + 1) }),
			BY,
		);
	}

	#view({ scenario: { id, name, about }, course }: Known): RainScenario {
		return {
			id,
			name,
			about,
			hours: course.hours.map((one) => ({ ...one })),
			steps: course.steps.map(({ hour, closes, opens }) => ({ hour, closes: [...closes], opens: [...opens] })),
			running: this.#runningOf(id),
		};
	}

	#runningOf(id: string): RainScenario['running'] {
		const running = this.#running;
		if (running?.scenario.id !== id) return null;
		const hour = (this.#options.clock.now() - running.began) / HOUR_MS;
		const { mm, hourMm, closed } = rainAt(running.course, hour);
		return { began: running.began, hour, mm, hourMm, closed: closed.length };
	}
}
