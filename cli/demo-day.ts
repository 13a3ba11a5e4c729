/** The demonstration's days: planned and published by the API as a dispatcher would, one after the other; nights are skipped. */
import { dayBoard, planBoard, planBoardSummary, publication, serviceClock, type PlanBoard } from '@junkai/contracts';
import { loadRegion } from '@junkai/regions';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { DemoApi } from './demo-api.ts';
import { momentToBegin } from './demo-moment.ts';
import { CliError } from './shared.ts';

/** Japan knows no summer time. */
const ZONE = '+09:00';
const ZONE_MS = 9 * 3_600_000;
const DAY_MS = 86_400_000;
/** Time to improve a day's plan, s. */
const PLAN_SECONDS = 1.5;
const ASK_EVERY = 150;
/** Service time that everyone rests after the last van is back, before the next day begins, ms. */
const REST = 15 * 60_000;
const LOOK_EVERY = 5000;
const publications = z.array(publication);

/** The day of the week on which people work, today or after it: `2026-11-24`. */
export function workday(ms: number): string {
	for (let at = ms; ; at += DAY_MS) {
		const local = new Date(at + ZONE_MS);
		if (local.getUTCDay() !== 0 && local.getUTCDay() !== 6) return local.toISOString().slice(0, 10);
	}
}

/** Before anyone is at work. */
export const dawnOf = (date: string): string => `${date}T07:00:00${ZONE}`;
export const dayAfter = (date: string): string => workday(Date.parse(dawnOf(date)) + DAY_MS);

export interface DemoDay {
	readonly date: string;
	readonly visits: number;
	readonly unassigned: number;
}

/** Days of the demonstration, one at a time. */
export class DemoDays {
	readonly #server: string;
	readonly #dataDir: string;
	#base: number | null = null;
	#end = 0;
	#date = '';

	constructor(server: string, dataDir: string) {
		this.#server = server;
		this.#dataDir = dataDir;
	}

	/** Plans a day, publishes it and sets the clock to a moment of it that is worth watching. Rejects when it cannot be planned. */
	async begin(date: string, { seed, speed }: { seed: number; speed: number }): Promise<DemoDay> {
		const api = await this.#signIn();
		// An earlier run on this folder has published, too.
		const [newest] = await api.get('/publications', publications);
		this.#base = newest?.revision ?? null;
		const day = await this.#publish(api, date);
		await api.send('PUT', '/clock', { now: momentToBegin(loadRegion(), day.draft.routes, { seed, speed }) }, serviceClock);
		return { date, visits: day.measures.visits, unassigned: day.measures.unassigned };
	}

	/** Goes on with the next working day each time that one is over, until the process ends. */
	goOn(): void {
		const timer = setInterval(() => {
			this.#maybeNext().catch((error: unknown) => console.error('junkai: the next day could not be begun:', error));
		}, LOOK_EVERY);
		timer.unref();
	}

	#signIn(): Promise<DemoApi> {
		return DemoApi.signIn(this.#server, this.#dataDir, 'dispatcher');
	}

	async #publish(api: DemoApi, date: string): Promise<PlanBoard['days'][number]> {
		const board = await planned(api, date);
		const body = { base: this.#base, note: '' };
		const { published } = await api.send(
			'POST',
			`/plan-boards/${board.id}/publication?version=${board.version}`,
			body,
			planBoardSummary,
		);
		const [day] = board.days;
		if (!day) throw new CliError(`the plan of ${date} is empty`);
		this.#base = published;
		this.#date = date;
		this.#end = Math.max(...day.draft.routes.map(({ stops }) => stops.at(-1)!.arrival));
		return day;
	}

	async #maybeNext(): Promise<void> {
		const api = await this.#signIn();
		const { now } = await api.get('/day', dayBoard);
		if (now < this.#end + REST) return;
		// Whoever plays the dispatcher may have published since.
		const [newest] = await api.get('/publications', publications);
		this.#base = newest?.revision ?? null;
		const date = dayAfter(this.#date);
		await this.#publish(api, date);
		await api.send('PUT', '/clock', { now: Date.parse(dawnOf(date)) + 3_000_000 }, serviceClock);
	}
}

async function planned(api: DemoApi, date: string): Promise<PlanBoard> {
	const options = { from: date, days: 1, seconds: PLAN_SECONDS, keep: 'nothing' };
	const { id } = await api.send('POST', '/plan-boards', options, planBoardSummary);
	for (;;) {
		const board = await api.get(`/plan-boards/${id}`, planBoard);
		const { state, problem } = board.progress;
		if (state === 'ready') return board;
		if (state === 'failed' || state === 'stopped') throw new CliError(`the day ${date} could not be planned: ${problem ?? state}`);
		await pause(ASK_EVERY);
	}
}
