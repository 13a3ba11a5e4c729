/** The demonstration's day: planned beside the rest of the start, published by the API as a dispatcher would, begun anew each lap. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { publishedPlan, type PlanDraft, type PublishedPlan, type Role } from '@junkai/contracts';
import { retimed, underWay } from '@junkai/fleet-server/moment';
import { z } from 'zod';
import { CliError } from './shared.ts';

export interface DayRequest {
	vans: number;
	seed: number;
	speed: number;
	dataDir: string;
}

export interface PlannedDay {
	/** Its times are ms since the midnight of a day without a date. */
	draft: PlanDraft;
	/** The moment of it at which the demonstration begins. */
	begin: number;
	visits: number;
}

/** Plans the day. Rejects when the roads or the planner cannot. */
export function planDay(request: DayRequest): Promise<PlannedDay> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL('./day-worker.ts', import.meta.url), { workerData: request });
		worker.once('message', (day: PlannedDay) => resolve(day));
		worker.once('error', reject);
		worker.once('exit', (code) => reject(new CliError(`planning the day ended with code ${code}`)));
	});
}

const userList = z.array(z.object({ username: z.string(), password: z.string(), role: z.string() }));

/** The API as one of the demonstration's users. */
export class DemoApi {
	readonly #base: string;
	readonly #cookie: string;

	private constructor(base: string, cookie: string) {
		this.#base = base;
		this.#cookie = cookie;
	}

	/** Signs in as the demo user of a role. @throws {CliError} when the server refuses or there is no such user. */
	static async signIn(server: string, dataDir: string, role: Role): Promise<DemoApi> {
		const users = userList.parse(JSON.parse(readFileSync(join(dataDir, 'demo-users.json'), 'utf8')));
		const user = users.find((one) => one.role === role);
		if (!user) throw new CliError(`${join(dataDir, 'demo-users.json')} has no ${role}`);
		const base = `${server}/api/v1`;
		const answer = await fetch(`${base}/session`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ username: user.username, password: user.password }),
		});
		const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
		if (!answer.ok || cookie === undefined)
			throw new CliError(`${server} does not let the demo's ${role} sign in (${answer.status})`);
		return new DemoApi(base, cookie);
	}

	async plan(): Promise<PublishedPlan | null> {
		const answer = await fetch(`${this.#base}/plans/current`, { headers: { cookie: this.#cookie } });
		if (!answer.ok) throw new CliError(`the plan could not be fetched (${answer.status})`);
		return publishedPlan.nullable().parse(await answer.json());
	}

	async publish(draft: PlanDraft): Promise<void> {
		const answer = await fetch(`${this.#base}/plans/current`, {
			method: 'PUT',
			headers: { 'content-type': 'application/json', cookie: this.#cookie },
			body: JSON.stringify(draft),
		});
		if (!answer.ok) throw new CliError(`the plan was refused (${answer.status}): ${(await answer.text()).slice(0, 500)}`);
	}
}

/**
 * Publishes a day that stands now where it is to begin, and runs `speed` times as fast as the clock. Each time it has ended it is
 * published again: the vans begin it anew.
 */
export async function publishDay(sign: () => Promise<DemoApi>, day: PlannedDay, speed: number): Promise<void> {
	const began = Date.now();
	const first = retimed(day.draft, (ms) => Math.round(began + (ms - day.begin) / speed));
	const period = first.to - first.from;
	const publish = async (lap: number): Promise<void> => {
		const draft = retimed(first, (ms) => ms + lap * period);
		await (await sign()).publish(underWay(draft, Date.now()));
		const again = (): void => {
			publish(lap + 1).catch((error: unknown) => console.error('junkai: the day was not begun anew:', error));
		};
		setTimeout(again, draft.to - Date.now()).unref();
	};
	await publish(0);
}
