/**
 * Fills empty records with a demonstration: vans, crews, doctors, patients and requests for some days, on the region's facts. All
 * people and requests are invented; the same seed gives the same records.
 */
import type { CalendarDate, CareNeed, Recurrence, RequestBody } from '@junkai/contracts';
import type { Municipality, Region, Settlement } from '@junkai/regions';
import type { CareVisit } from '../../dispatch/care.ts';
import { generateDay } from '../../dispatch/generate.ts';
import { createRandom, type Random } from '../../planner/random.ts';
import type { Change, Committed } from '../batch.ts';
import { addDays, weekdayOf } from '../calendar.ts';
import type { Records } from '../records.ts';
import { patientOf } from './people.ts';
import { doctorChanges, fleetChanges } from './resources.ts';

export interface DemoOptions {
	readonly seed: number;
	readonly vans: number;
	readonly doctors: number;
	/** About so many fall on each day; on Saturdays fewer, on Sundays none. */
	readonly visits: number;
	/** First day. */
	readonly date: CalendarDate;
	readonly days: number;
	/** As {@link generateDay} takes it. */
	readonly reachKm?: number;
}

export interface DemoCounts {
	readonly patients: number;
	readonly requests: number;
	readonly visits: number;
}

const BY = 'demo';
/** By the day of the week from Sunday. */
const shareOfDay = [0, 1, 1, 1, 1, 1, 0.35];

/** Of requests for a need, the rhythms in which it returns; empty: it is asked for once. */
const rhythms: Readonly<Record<CareNeed, readonly number[]>> = {
	'follow-up': [14, 28, 28],
	'heart-failure': [7, 14, 14],
	breathing: [14, 28],
	skin: [14],
	memory: [28],
	'blood-test': [28],
	medication: [14, 28],
	vaccination: [],
	ultrasound: [],
	'x-ray': [],
};

/** Resolves with what was made; does nothing, and says null, when there are records already. */
export async function seedDemo(records: Records, region: Region, options: DemoOptions): Promise<DemoCounts | null> {
	const kept = await Promise.all([records.patients.count(), records.fleet.count(), records.doctors.count(), records.staff.count()]);
	if (kept.some((count) => count > 0)) return null;
	const { seed, vans, doctors, date } = options;
	const random = createRandom(seed);
	// Two more doctors than asked for: the roster for an emergency.
	const crew = generateDay(region, { seed, vans, doctors: doctors + 2, visits: 0 });
	const staff = await records.reserve('staff', vans * 6);
	const changes: Change[] = [
		...fleetChanges(crew.vans, date, { staff: () => staff.shift()! }, random),
		...doctorChanges(crew.doctors, doctors),
	];
	await new Requests(records, region, options, random).addTo(changes);
	return countsOf(await records.commit(changes, BY));
}

function countsOf(committed: readonly Committed[]): DemoCounts {
	const count = (wanted: Committed['kind']): number => committed.filter(({ kind }) => kind === wanted).length;
	return { patients: count('patient'), requests: count('request'), visits: count('visit') };
}

/** Patients and what is asked for them, day by day. */
class Requests {
	readonly #records: Records;
	readonly #region: Region;
	readonly #options: DemoOptions;
	readonly #random: Random;
	readonly #settlements: ReadonlyMap<string, Settlement>;
	readonly #municipalities: ReadonlyMap<string, Municipality>;
	/** Visits of repeated requests that fall on later days already. */
	readonly #due = new Map<CalendarDate, number>();
	#patients = 0;

	constructor(records: Records, region: Region, options: DemoOptions, random: Random) {
		this.#records = records;
		this.#region = region;
		this.#options = options;
		this.#random = random;
		this.#settlements = new Map(region.settlements.map((one) => [one.id, one]));
		this.#municipalities = new Map(region.municipalities.map((one) => [one.id, one]));
	}

	async addTo(changes: Change[]): Promise<void> {
		const { seed, vans, doctors, date, days, visits, reachKm } = this.#options;
		for (let index = 0; index < days; index++) {
			const day = addDays(date, index);
			const wanted = Math.round(visits * shareOfDay[weekdayOf(day)]!) - (this.#due.get(day) ?? 0);
			if (wanted <= 0) continue;
			const size = { seed: seed * 1000 + index, vans, doctors, visits: wanted, ...(reachKm !== undefined && { reachKm }) };
			const asked = generateDay(this.#region, size).visits;
			const ids = await this.#records.reserve('patient', asked.length);
			const together = Map.groupBy(asked, gathering);
			for (const [at, visit] of asked.entries()) {
				const patient = ids[at]!;
				const settlement = this.#settlements.get(visit.settlement)!;
				const home = { settlement, municipality: this.#municipalities.get(settlement.municipality)! };
				changes.push({ kind: 'patient', op: 'create', id: patient, body: patientOf(home, ++this.#patients, date, this.#random) });
				const meets = settlement.stop !== undefined && together.get(gathering(visit))!.length > 1;
				changes.push({ kind: 'request', op: 'create', body: this.#request(patient, visit, day, meets, home.municipality) });
			}
		}
	}

	#request(patient: number, visit: CareVisit, day: CalendarDate, meets: boolean, municipality: Municipality): RequestBody {
		const random = this.#random;
		const part = random.below(100);
		const recurrence = this.#recurrence(visit.need, day);
		const [from, to] = visit.window.map(timeOf) as [string, string];
		// Most patients take any hour at which vans usually come; the others say when.
		const isWide = visit.window[1] - visit.window[0] >= 8 * 3600;
		return {
			patient,
			need: visit.need,
			specialty: null,
			equipment:
				visit.need === 'heart-failure' && part < 35 ? ['ecg'] : visit.need === 'breathing' && part < 20 ? ['spirometer'] : [],
			doctor: null,
			institution: null,
			place: meets ? { kind: 'stop', settlement: visit.settlement } : { kind: 'home' },
			from: day,
			until: part < 50 ? day : addDays(day, 1 + random.below(2)),
			weekdays: [],
			hours: isWide ? null : [[from, to]],
			preferred: isWide && part % 5 === 0 ? ['09:00', '12:00'] : null,
			minutes: null,
			urgency: part < 2 ? 'urgent' : part < 8 ? 'soon' : 'routine',
			recurrence,
			requestedBy: { name: `${municipality.name} 保健師（架空）`, organisation: municipality.name },
			note: '',
			state: 'open',
		};
	}

	/** Two of three requests return where the need does. */
	#recurrence(need: CareNeed, day: CalendarDate): Recurrence | null {
		const possible = rhythms[need];
		if (possible.length === 0 || this.#random.below(3) === 0) return null;
		const everyDays = possible[this.#random.below(possible.length)]!;
		const times = need === 'skin' ? 4 : null;
		for (let n = 1; n * everyDays < this.#options.days && n < (times ?? Infinity); n++) {
			const next = addDays(day, n * everyDays);
			this.#due.set(next, (this.#due.get(next) ?? 0) + 1);
		}
		return { everyDays, times, until: null, tolerance: 2 };
	}
}

/** Patients of one place and hour come together where the van stands. */
const gathering = ({ settlement, window }: CareVisit): string => `${settlement} ${window.join(' ')}`;

const timeOf = (seconds: number): string =>
	`${String(Math.floor(seconds / 3600)).padStart(2, '0')}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}`;
