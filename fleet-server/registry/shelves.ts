/** Looking records up, a shelf for each kind. All of it resolves without holding the server's thread for long. */
import type {
	CalendarDate,
	DoctorRecord,
	FleetVehicle,
	KeptKind,
	Patient,
	RoadClosure,
	Visit,
	VisitRequest,
	VisitState,
} from '@junkai/contracts';
import type { RecordOf } from './kinds.ts';
import type { Reader, Selection } from './reader.ts';
import { searchable } from './search-text.ts';

export class Shelf<K extends KeptKind> {
	protected readonly reader: Reader;
	protected readonly kind: K;

	constructor(reader: Reader, kind: K) {
		this.reader = reader;
		this.kind = kind;
	}

	async get(id: number): Promise<RecordOf<K> | null> {
		return (await this.reader.find(this.kind, [id]))[0] ?? null;
	}

	/** Those of them that there are, by number. */
	find(ids: readonly number[]): Promise<RecordOf<K>[]> {
		return this.reader.find(this.kind, ids);
	}

	/** All of them, by number; meant for kinds of which there are hundreds, not for patients, requests or visits. */
	all(limit?: number): Promise<RecordOf<K>[]> {
		return this.reader.select(this.kind, limit === undefined ? {} : { limit });
	}

	/** How many there are. */
	count(): Promise<number> {
		return this.reader.count(this.kind);
	}

	protected select(selection: Selection): Promise<RecordOf<K>[]> {
		return this.reader.select(this.kind, selection);
	}
}

export class PatientShelf extends Shelf<'patient'> {
	/** Part of name, kana, address, phone or a number; width, kana, spaces and hyphens make no difference. */
	search(text: string, limit: number): Promise<Patient[]> {
		return this.select({ where: 'instr(search, ?) > 0', values: [searchable(text)], limit });
	}

	/** Who lives in these settlements. */
	inSettlements(settlements: readonly string[]): Promise<Patient[]> {
		return this.select({ where: 'settlement IN (SELECT value FROM json_each(?))', values: [JSON.stringify(settlements)] });
	}
}

export interface RequestQuery {
	readonly patient?: number | undefined;
	readonly state?: VisitRequest['state'] | undefined;
	readonly limit?: number | undefined;
}
export class RequestShelf extends Shelf<'request'> {
	list({ patient, state, limit = 5000 }: RequestQuery): Promise<VisitRequest[]> {
		return this.select({ ...conditions({ 'patient = ?': patient, 'state = ?': state }), limit });
	}
}

export interface VisitQuery {
	readonly state?: VisitState | readonly VisitState[] | undefined;
	readonly patient?: number | undefined;
	readonly limit?: number | undefined;
}
export class VisitShelf extends Shelf<'visit'> {
	/**
	 * That may be made in a period, or are planned or were made in it; both days included, null for no bound. One that is planned
	 * counts on all days on which it may be and on the day for which it is planned.
	 */
	between(from: CalendarDate | null, until: CalendarDate | null, query: VisitQuery = {}): Promise<Visit[]> {
		const states = query.state === undefined ? undefined : JSON.stringify([query.state].flat());
		return this.select({
			...conditions({
				'last_day >= ?': from ?? undefined,
				'first_day <= ?': until ?? undefined,
				'state IN (SELECT value FROM json_each(?))': states,
				'patient = ?': query.patient,
			}),
			...(query.limit !== undefined && { limit: query.limit }),
		});
	}

	ofRequests(requests: readonly number[]): Promise<Visit[]> {
		return this.select({ where: 'request IN (SELECT value FROM json_each(?))', values: [JSON.stringify(requests)] });
	}
}

export class FleetShelf extends Shelf<'fleet-vehicle'> {
	/** By its name on the wire, such as `van-1`. */
	async byVehicle(vehicle: string): Promise<FleetVehicle | null> {
		return (await this.select({ where: 'vehicle = ?', values: [vehicle] }))[0] ?? null;
	}
}

export class DoctorShelf extends Shelf<'doctor'> {
	async byUser(user: string): Promise<DoctorRecord | null> {
		return (await this.select({ where: 'user_name = ?', values: [user] }))[0] ?? null;
	}
}

export class ClosureShelf extends Shelf<'closure'> {
	/** In force at some time of a period, ms; `until` included, so that one moment is a period too. */
	between(from: number, until: number = from): Promise<RoadClosure[]> {
		return this.select({ where: 'begins <= ? AND (ends IS NULL OR ends > ?)', values: [until, from] });
	}
}

/** Those that are asked for, joined by AND. */
function conditions(all: Readonly<Record<string, string | number | undefined>>): Selection {
	const asked = Object.entries(all).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
	if (asked.length === 0) return {};
	return { where: asked.map(([condition]) => condition).join(' AND '), values: asked.map(([, value]) => value) };
}
