/** Keeps the crews of a simulation in touch with the office: orders by the vans' own manifests, road signs, the clock, reports. */
import { readFile, stat } from 'node:fs/promises';
import { manifest, type CrewReport } from '@junkai/contracts';
import type { Coverage, Region } from '@junkai/regions';
import type { Logger } from 'pino';
import { FleetAtWork } from './fleet-at-work.ts';
import type { DayPlan } from './journey.ts';
import type { Office } from './office.ts';
import type { RadioState } from './radio.ts';

/** How often a driver looks at the tablet, and how often the office is asked, ms. */
const LOOK_MS = 500;
const ASK_MS = 1500;

/** What this needs of a van. */
export interface OfficeVan {
	readonly vehicle: string;
	readonly radio: { readonly state: RadioState };
	/** Where its gateway keeps the manifest. */
	readonly manifestPath: string;
	setDay(day: DayPlan): void;
	employ(work: FleetAtWork): void;
}

export interface AtOffice {
	readonly work: FleetAtWork;
	/** Days of the vans that have a route when it begins. */
	readonly days: ReadonlyMap<string, DayPlan>;
	/** From now on orders and road signs change the vans' days, and crews report. */
	follow(vans: readonly OfficeVan[], log: Logger): void;
	stop(): void;
}

interface Options {
	region: Region;
	coverage: Coverage;
	seed: number;
	office: Office;
	credentials: readonly { vehicle: string }[];
}

/** @throws whatever the office's first answers reject with */
export async function atOffice({ region, coverage, seed, office, credentials }: Options): Promise<AtOffice> {
	const [clock, plan, closed] = await Promise.all([office.clock(), office.plan(), office.closed()]);
	const days = new Map<string, DayPlan>();
	let changed = (_days: ReadonlyMap<string, DayPlan>): void => undefined;
	const work = new FleetAtWork({
		region,
		coverage,
		clock,
		seed,
		onDays: (found) => {
			for (const [vehicle, day] of found) days.set(vehicle, day);
			changed(found);
		},
	});
	work.close(closed);
	for (const { vehicle } of credentials) {
		const route = plan?.routes.find((one) => one.vehicle === vehicle);
		if (route) work.add(vehicle, route.stops[0]!.location, route.stops[0]!.name.ja, { revision: plan!.revision, route });
	}
	if (work.crews.length > 0) work.begin();
	const timers: NodeJS.Timeout[] = [];
	return {
		work,
		days,
		follow(vans, log) {
			changed = (found) => {
				for (const van of vans) {
					const day = found.get(van.vehicle);
					if (day) van.setDay(day);
				}
			};
			for (const van of vans) van.employ(work);
			const tablets = vans.map((van) => new Tablet(van, work, office, log));
			timers.push(
				setInterval(() => {
					for (const tablet of tablets) void tablet.look();
				}, LOOK_MS),
				setInterval(() => void ask(work, office, log), ASK_MS),
			);
		},
		stop() {
			for (const timer of timers) clearInterval(timer);
		},
	};
}

async function ask(work: FleetAtWork, office: Office, log: Logger): Promise<void> {
	try {
		const [clock, closed] = await Promise.all([office.clock(), office.closed()]);
		work.setClock(clock);
		work.close(closed);
	} catch (error) {
		log.info({ reason: String(error) }, 'the office did not answer; it is asked again');
	}
}

/** What driver and nurse have before them: the van's orders, and the reports that wait for a signal. */
class Tablet {
	readonly #van: OfficeVan;
	readonly #work: FleetAtWork;
	readonly #office: Office;
	readonly #log: Logger;
	readonly #waiting: CrewReport[] = [];
	#seen = 0;
	#revision = 0;
	#busy = false;

	constructor(van: OfficeVan, work: FleetAtWork, office: Office, log: Logger) {
		this.#van = van;
		this.#work = work;
		this.#office = office;
		this.#log = log.child({ vehicle: van.vehicle });
	}

	async look(): Promise<void> {
		if (this.#busy) return;
		this.#busy = true;
		try {
			await this.#read();
			this.#waiting.push(...this.#work.takeReports(this.#van.vehicle));
			await this.#send();
		} catch (error) {
			this.#log.warn({ reason: String(error) }, 'a crew could not do its paperwork; it tries again');
		} finally {
			this.#busy = false;
		}
	}

	async #read(): Promise<void> {
		const found = await stat(this.#van.manifestPath).catch(() => null);
		if (found === null || found.mtimeMs === this.#seen) return;
		this.#seen = found.mtimeMs;
		const { revision, route } = manifest.parse(JSON.parse(await readFile(this.#van.manifestPath, 'utf8')));
		if (revision === this.#revision) return;
		this.#revision = revision;
		this.#work.order(this.#van.vehicle, { revision, route });
		this.#log.info({ revision }, 'the crew has new orders');
	}

	/** In order, and only with a signal. */
	async #send(): Promise<void> {
		while (this.#waiting.length > 0 && this.#van.radio.state !== 'none') {
			const [report] = this.#waiting;
			const refusal = await this.#office.report(this.#van.vehicle, report!);
			if (refusal !== null) this.#log.warn({ ...report, refusal }, 'the office refused what a crew told');
			this.#waiting.shift();
		}
	}
}
