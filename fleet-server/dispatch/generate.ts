/**
 * Makes up a day of care from the facts of a region: vans at real bases, doctors of real institutions, visits where people over
 * 65 live far from a hospital. The same seed gives the same day. People and requests are invented.
 */
import type { CareNeed, Specialty } from '@junkai/contracts';
import { distanceKm, type Facility, type Region, type Settlement } from '@junkai/regions';
import { createRandom } from '../planner/random.ts';
import { treatments, type CareDay, type CareDoctor, type CareVan, type CareVisit, type Equipment, type Period } from './care.ts';

export interface DayOptions {
	readonly seed: number;
	readonly vans: number;
	readonly doctors: number;
	readonly visits: number;
	/** Visits lie within so many kilometres, as the crow flies, of a base that has a van; everywhere when absent. */
	readonly reachKm?: number;
}

const hours = (from: number, to: number): Period => [from * 3600, to * 3600];

/** Duties of doctors; the first cover what is asked for most, and after the last they begin anew. */
const duties: readonly { specialties: readonly Specialty[]; hours: readonly Period[] }[] = [
	{ specialties: ['general'], hours: [hours(9, 12), hours(13.25, 16)] },
	{ specialties: ['cardiology', 'general'], hours: [hours(9, 12), hours(13.5, 16)] },
	{ specialties: ['neurology'], hours: [hours(9.25, 12.5), hours(13.5, 16.5)] },
	{ specialties: ['respiratory'], hours: [hours(9.5, 12.5), hours(13.5, 16)] },
	{ specialties: ['general'], hours: [hours(9, 12.5), hours(13.5, 16)] },
	{ specialties: ['dermatology'], hours: [hours(9.5, 12), hours(13.5, 15.25)] },
	{ specialties: ['cardiology'], hours: [hours(9.25, 12), hours(13, 15.25)] },
	{ specialties: ['general'], hours: [hours(9.25, 12), hours(13, 16.5)] },
];

/** Invented people with usual names. */
const names = (
	'田中 Tanaka/山本 Yamamoto/中村 Nakamura/井上 Inoue/林 Hayashi/森 Mori/清水 Shimizu/岡田 Okada/松本 Matsumoto/山口 Yamaguchi/' +
	'前田 Maeda/藤田 Fujita/坂本 Sakamoto/池田 Ikeda/橋本 Hashimoto/石川 Ishikawa/小川 Ogawa/谷口 Taniguchi/西村 Nishimura/' +
	'松田 Matsuda/中川 Nakagawa/原田 Harada/竹内 Takeuchi/和田 Wada/中山 Nakayama/上田 Ueda/森田 Morita/原 Hara/柴田 Shibata/' +
	'酒井 Sakai/宮本 Miyamoto/横山 Yokoyama'
)
	.split('/')
	.map((both) => both.split(' ') as [string, string]);

const SHIFT = hours(8, 17.5);
const LUNCH = hours(11.5, 13.5);
/** When patients are at home and ready, and how many parts of all that is. Assumptions of the demonstration. */
const windows: readonly { weight: number; of: (random: () => number) => Period }[] = [
	{ weight: 60, of: () => hours(8.5, 16.5) },
	{ weight: 18, of: () => hours(8.5, 12) },
	{ weight: 12, of: () => hours(13, 16.5) },
	{
		weight: 10,
		of: (random) => {
			const from = 9 + Math.floor(random() * 11) / 2;
			return hours(from, from + 2);
		},
	},
];
const LEAST_IN_MUNICIPALITY = 3;
/** How many patients come together where the van stands. An assumption of the demonstration. */
const gatherings = [
	{ patients: 1, weight: 50 },
	{ patients: 2, weight: 30 },
	{ patients: 3, weight: 20 },
];

/** Need of a settlement: people over 65, damped, the more the farther the next hospital is. */
const needOf = (one: Settlement): number => Math.sqrt(2 + one.over65) * (0.15 + Math.min(2, one.hospitalMinutes / 30));

export function generateDay(region: Region, options: DayOptions): CareDay {
	const random = createRandom(options.seed).real;
	const vans = makeVans(region, options.vans);
	const doctors = makeDoctors(region, options.doctors);
	const reach = options.reachKm ?? Infinity;
	const bases = [...new Set(vans.map((van) => van.base))].map((id) => region.facilities.find((one) => one.id === id)!);
	const near = (one: Settlement) =>
		reach === Infinity || bases.some((base) => distanceKm([base.lon, base.lat], [one.lon, one.lat]) <= reach);
	const settlements = region.settlements.filter((one) => needOf(one) > 0 && near(one));
	const needs = possibleNeeds(vans, doctors);
	const weighted = needs.map((one) => ({ one, weight: treatments[one].share }));
	const visits: CareVisit[] = [];
	for (const { settlement, patients } of chooseGatherings(settlements, options.visits, random)) {
		const window = draw(windows, random).of(random);
		for (let i = 0; i < patients; i++) {
			visits.push({ id: visits.length + 1, settlement: settlement.id, need: draw(weighted, random).one, window });
		}
	}
	return { vans, doctors, visits };
}

/** Vans go to bases by the need of the settlements to which each base is the nearest (highest averages, as seats to parties). */
function makeVans(region: Region, count: number): CareVan[] {
	const bases = region.facilities.filter((one) => one.roles.includes('vehicle-base'));
	const votes = new Map<Facility, number>(bases.map((base) => [base, 0]));
	for (const settlement of region.settlements) {
		const at = [settlement.lon, settlement.lat] as const;
		const nearest = least(bases, (base) => distanceKm(at, [base.lon, base.lat]));
		if (nearest) votes.set(nearest, votes.get(nearest)! + needOf(settlement) * (settlement.remote === true ? 2 : 1));
	}
	const seats = new Map<Facility, number>();
	return Array.from({ length: count }, (_, index): CareVan => {
		const base = least(bases, (one) => -votes.get(one)! / ((seats.get(one) ?? 0) + 1));
		if (!base) throw new RangeError('the region has no base for a van');
		seats.set(base, (seats.get(base) ?? 0) + 1);
		const truck = index % 10 === 9;
		const carried: Equipment[] = truck ? ['ultrasound', 'x-ray'] : index % 3 === 0 ? ['ultrasound'] : [];
		return {
			id: index + 1,
			vehicle: `van-${index + 1}`,
			base: base.id,
			class: truck ? 'truck' : index % 4 === 3 ? 'kei' : 'van',
			equipment: carried,
			shift: SHIFT,
			lunch: LUNCH,
		};
	});
}

function makeDoctors(region: Region, count: number): CareDoctor[] {
	const sites = region.facilities.filter((one) => one.roles.includes('doctor-site') && one.kind === 'hospital');
	return Array.from({ length: count }, (_, index): CareDoctor => {
		const [ja, en] = names[index % names.length]!;
		const round = Math.floor(index / names.length);
		// More doctors than names: the second Tanaka is Tanaka (2).
		const again = round === 0 ? '' : ` (${round + 1})`;
		const duty = duties[index % duties.length]!;
		return {
			id: index + 1,
			name: { ja: `${ja}${again}`, en: `${en}${again}` },
			specialties: duty.specialties,
			institution: sites[index % sites.length]!.id,
			hours: duty.hours,
		};
	});
}

/** Nobody asks for a specialty that no doctor has, or for equipment that no van carries. */
function possibleNeeds(vans: readonly CareVan[], doctors: readonly CareDoctor[]): CareNeed[] {
	const offered = new Set(doctors.flatMap((one) => one.specialties));
	const carried = new Set(vans.flatMap((one) => one.equipment));
	return (Object.keys(treatments) as CareNeed[]).filter((need) => {
		const { consult, equipment } = treatments[need];
		return (consult === null || offered.has(consult.specialty)) && (equipment === null || carried.has(equipment));
	});
}

/** Every municipality gets some visits, the rest by need; within it settlements are drawn by need. */
function chooseGatherings(
	settlements: readonly Settlement[],
	count: number,
	random: () => number,
): { settlement: Settlement; patients: number }[] {
	const groups = Map.groupBy(settlements, (one) => one.municipality);
	const seats = new Map<string, number>();
	const votes = new Map([...groups].map(([id, members]) => [id, members.reduce((sum, one) => sum + needOf(one), 0)]));
	const ids = [...groups.keys()];
	const floor = Math.min(LEAST_IN_MUNICIPALITY, Math.floor(count / ids.length));
	for (const id of ids) seats.set(id, floor);
	for (let given = floor * ids.length; given < count; given++) {
		const next = least(ids, (id) => -votes.get(id)! / (seats.get(id)! + 1));
		if (next === undefined) break;
		seats.set(next, seats.get(next)! + 1);
	}
	return ids.flatMap((id) => {
		const members = groups.get(id)!.map((one) => ({ one, weight: needOf(one) }));
		const found: { settlement: Settlement; patients: number }[] = [];
		for (let left = seats.get(id)!; left > 0;) {
			const patients = Math.min(left, draw(gatherings, random).patients);
			found.push({ settlement: draw(members, random).one, patients });
			left -= patients;
		}
		return found;
	});
}

function draw<T extends { weight: number }>(items: readonly T[], random: () => number): T {
	const sum = items.reduce((total, { weight }) => total + weight, 0);
	let rest = random() * sum;
	for (const item of items) {
		rest -= item.weight;
		if (rest < 0) return item;
	}
	return items.at(-1)!;
}

function least<T>(items: readonly T[], of: (item: T) => number): T | undefined {
	let best: T | undefined;
	let lowest = Infinity;
	for (const item of items) {
		const value = of(item);
		if (value < lowest) [best, lowest] = [item, value];
	}
	return best;
}
