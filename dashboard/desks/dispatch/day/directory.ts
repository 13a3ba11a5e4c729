/** Names and records behind the numbers of the day: visits, their patients, doctors, vehicles of the fleet, closures. */
import type { ClosedRoads, DoctorRecord, FleetVehicle, KeptKind, Patient, RoadClosure, Visit } from '@junkai/contracts';
import { dayApi } from '../../../shared/api/day.ts';

export interface DirectoryState {
	visits: ReadonlyMap<number, Visit>;
	patients: ReadonlyMap<number, Patient>;
	doctors: ReadonlyMap<number, DoctorRecord>;
	fleet: ReadonlyMap<string, FleetVehicle>;
	/** Null until they are known: no closures and not knowing of them are two things. */
	closures: readonly RoadClosure[] | null;
	closed: ClosedRoads | null;
}

type Part = 'visits' | 'doctors' | 'fleet' | 'closures';
const partOf: Partial<Record<KeptKind, Part>> = {
	visit: 'visits',
	patient: 'visits',
	doctor: 'doctors',
	'fleet-vehicle': 'fleet',
	closure: 'closures',
};
/** More changed visits than this at once, and all are fetched anew. */
const fewVisits = 20;

const byNumber = <T extends { id: number }>(list: readonly T[]): Map<number, T> => new Map(list.map((one) => [one.id, one]));

export class Directory {
	private state: DirectoryState = {
		visits: new Map(),
		patients: new Map(),
		doctors: new Map(),
		fleet: new Map(),
		closures: null,
		closed: null,
	};
	private readonly listeners = new Set<() => void>();
	private readonly turns = new Map<Part, number>();
	private date: string | null = null;

	subscribe = (listener: () => void): (() => void) => {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	};
	snapshot = (): DirectoryState => this.state;

	/** Fetches everything of a day; what cannot be had leaves what was known. */
	async load(date: string): Promise<void> {
		this.date = date;
		await Promise.all([this.loadVisits(), this.loadDoctors(), this.loadFleet(), this.loadClosures()]);
	}

	/** Somebody changed records. @returns the visits whose state may be another one now, as they are */
	async changed(
		changes: readonly { kind: KeptKind; id: number; version: number | null }[],
		more: boolean,
	): Promise<readonly Visit[]> {
		const parts = new Set(more ? Object.values(partOf) : changes.flatMap(({ kind }) => partOf[kind] ?? []));
		const visits = changes.filter(({ kind }) => kind === 'visit');
		const patients = changes.some(({ kind }) => kind === 'patient');
		const one = !more && !patients && visits.length <= fewVisits;
		const [touched] = await Promise.all([
			parts.has('visits') ? (one ? this.someVisits(visits.map(({ id }) => id)) : this.loadVisits()) : [],
			parts.has('doctors') && this.loadDoctors(),
			parts.has('fleet') && this.loadFleet(),
			parts.has('closures') && this.loadClosures(),
		]);
		return touched;
	}

	/** A record that this desk has just changed, so that it shows at once. */
	put(visit: Visit): void {
		this.tell({ visits: new Map(this.state.visits).set(visit.id, visit) });
	}

	private async someVisits(ids: readonly number[]): Promise<readonly Visit[]> {
		const found = (await Promise.all(ids.map((id) => dayApi.visit(id).catch(() => null)))).filter((one) => one !== null);
		const visits = new Map(this.state.visits);
		for (const visit of found) visits.set(visit.id, visit);
		const strangers = [...new Set(found.map(({ patient }) => patient))].filter((id) => !this.state.patients.has(id));
		const patients = strangers.length === 0 ? [] : await dayApi.patients(strangers).catch(() => []);
		this.tell({ visits, patients: new Map([...this.state.patients, ...byNumber(patients)]) });
		return found;
	}

	private async loadVisits(): Promise<readonly Visit[]> {
		const { date } = this;
		if (date === null) return [];
		const found = await this.newest('visits', async () => {
			const visits = await dayApi.visits(date, date);
			return { visits, patients: await dayApi.patients([...new Set(visits.map(({ patient }) => patient))]) };
		});
		if (found === null) return [];
		this.tell({ visits: byNumber(found.visits), patients: byNumber(found.patients) });
		return found.visits;
	}
	private async loadDoctors(): Promise<void> {
		const found = await this.newest('doctors', () => dayApi.doctors());
		if (found !== null) this.tell({ doctors: byNumber(found) });
	}
	private async loadFleet(): Promise<void> {
		const found = await this.newest('fleet', () => dayApi.fleet());
		if (found !== null) this.tell({ fleet: new Map(found.map((one) => [one.vehicle, one])) });
	}
	private async loadClosures(): Promise<void> {
		const found = await this.newest('closures', async () => {
			const [closures, closed] = await Promise.all([dayApi.closures(), dayApi.closedRoads()]);
			return { closures, closed };
		});
		if (found !== null) this.tell(found);
	}

	/** Null when there is no answer, or a newer question was asked meanwhile. */
	private async newest<T>(part: Part, ask: () => Promise<T>): Promise<T | null> {
		const turn = (this.turns.get(part) ?? 0) + 1;
		this.turns.set(part, turn);
		const found = await ask().catch(() => null);
		return this.turns.get(part) === turn ? found : null;
	}

	private tell(part: Partial<DirectoryState>): void {
		this.state = { ...this.state, ...part };
		for (const listener of this.listeners) listener();
	}
}
