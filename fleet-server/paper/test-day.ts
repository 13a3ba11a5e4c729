/** A day of care for tests: invented people in real places, with a plan whose ways are those of the road engine. */
import type { KeptKind, PlanDraft, PlannedRoute, PlannedStop, Visit } from '@junkai/contracts';
import { loadRegion, type Region, type Settlement } from '@junkai/regions';
import type { Place, Roads } from '../roads/port.ts';
import { doctorOf, patientOf, requestOf, shiftOf, staffOf, TODAY, vehicleOf } from '../registry/test-records.ts';

export const region: Region = loadRegion();

/** Keeps a record and tells its number: over HTTP or in the process. */
export type Keep = (kind: KeptKind, body: unknown) => Promise<number>;

interface Tour {
	readonly vehicle: string;
	readonly name: string;
	readonly base: string;
	readonly settlements: readonly string[];
}

/** Three vans in the south; each stop is a settlement of the region by name. */
export const tours: readonly Tour[] = [
	{ vehicle: 'van-1', name: '1号車', base: 'C26', settlements: pick('30206', 4, '本宮町') },
	{ vehicle: 'van-2', name: '2号車', base: 'F13', settlements: pick('30206', 4, '中辺路町') },
	{ vehicle: 'van-3', name: '3号車', base: 'F19', settlements: pick('30207', 4, '') },
];

/** Settlements of a municipality by the beginning of their name, those with a public building first. */
function pick(municipality: string, count: number, name: string): string[] {
	return region.settlements
		.filter((one) => one.municipality === municipality && one.name.startsWith(name))
		.toSorted((a, b) => Number(b.stop !== undefined) - Number(a.stop !== undefined))
		.slice(0, count)
		.map(({ id }) => id);
}

const families = ['山本', '中村', '玉置', '榎本', '坂本', '小山', '尾﨑', '岡本', '西', '鈴木', '髙井', '湯川'];
const givens = ['花子', 'ハル', '正雄', '千代', '茂', 'ミサヱ', '幸子', '一郎', 'トヨ', '和夫', 'きよ子', '武'];

export interface TestDay {
	readonly date: string;
	readonly patients: readonly number[];
	readonly doctors: readonly number[];
	/** Of each patient's request. */
	readonly requests: readonly number[];
}

/** Two patients at each stop: one at home, one at the meeting place; every second one with a doctor. */
export async function keepDay(keep: Keep): Promise<TestDay> {
	const doctors = [
		await keep('doctor', doctorOf({ phone: '0739-22-5000' })),
		await keep(
			'doctor',
			doctorOf({
				name: { ja: '佐々木', en: 'Sasaki' },
				specialties: ['cardiology'],
				institution: null,
				from: '大阪府 北摂総合病院',
				phone: '06-6000-1111',
			}),
		),
	];
	const patients: number[] = [];
	const requests: number[] = [];
	for (const tour of tours) {
		await keep('fleet-vehicle', vehicleOf(tour.vehicle, { name: tour.name, base: tour.base, equipment: ['ecg', 'ultrasound'] }));
		const crew = { base: tour.base };
		const driver = await keep('staff', staffOf({ ...crew, name: { family: '和田', given: tour.name }, phone: '090-1111-2222' }));
		const nurse = await keep(
			'staff',
			staffOf({
				...crew,
				name: { family: '古川', given: tour.name },
				roles: ['nurse'],
				phone: `090-3333-000${tour.vehicle.slice(4)}`,
			}),
		);
		await keep('shift', shiftOf(tour.vehicle, driver, nurse));
		for (const id of tour.settlements) {
			for (const home of [true, false]) {
				const at = settlementOf(id);
				const nth = patients.length;
				const patient = await keep('patient', patientBody(at, nth));
				patients.push(patient);
				const place = home ? ({ kind: 'home' } as const) : ({ kind: 'stop', settlement: id } as const);
				const request = requestOf(patient, {
					place,
					need: home ? 'heart-failure' : 'follow-up',
					equipment: home ? ['ecg'] : [],
					note: home ? '体重の変化を確認' : '',
				});
				requests.push(await keep('request', request));
			}
		}
	}
	return { date: TODAY, patients, doctors, requests };
}

export const settlementOf = (id: string): Settlement => region.settlements.find((one) => one.id === id)!;

function patientBody(at: Settlement, nth: number) {
	return patientOf({
		name: { family: families[nth % families.length]!, given: givens[(nth * 5) % givens.length]! },
		kana: null,
		birthDate: `${1928 + (nth % 25)}-0${1 + (nth % 9)}-15`,
		phone: `0735-42-${String(1000 + nth)}`,
		home: {
			address: `${municipalityOf(at).name}${at.name} ${100 + nth}番地`,
			settlement: at.id,
			location: [at.lon + 0.0006, at.lat + 0.0004],
			precision: 'point',
		},
		contact: nth % 3 === 0 ? { name: '長男 健一', relation: '長男', phone: '080-5555-1234' } : null,
		note: nth % 4 === 0 ? '坂の上の家。犬がいる。耳が遠い。' : '',
	});
}

const municipalityOf = (at: Settlement) => region.municipalities.find(({ id }) => id === at.municipality)!;

const minute = 60_000;

/** The day's plan for the visits that follow from the requests. */
export async function draftOf(day: TestDay, visits: readonly Visit[], roads: Roads): Promise<PlanDraft> {
	const begin = Date.parse(`${day.date}T08:30:00+09:00`);
	const byRequest = new Map(visits.map((one) => [one.request, one.id]));
	const numbers = day.requests.map((request) => byRequest.get(request)!);
	const doctors = [
		{ id: day.doctors[0]!, name: { ja: '田中', en: 'Tanaka' }, specialties: ['general' as const] },
		{ id: day.doctors[1]!, name: { ja: '佐々木', en: 'Sasaki' }, specialties: ['cardiology' as const] },
	];
	const routes: PlannedRoute[] = [];
	let nth = 0;
	for (const tour of tours) {
		const base = region.facilities.find(({ id }) => id === tour.base)!;
		const spots = tour.settlements.map(settlementOf);
		const places: Place[] = [base, ...spots, base].map(({ lon, lat }) => [lon, lat]);
		const { legs, distance } = await roads.route({ places });
		let now = begin + routes.length * 7 * minute;
		const at = (place: Place, name: string) => ({
			location: [place[0], place[1]] as [number, number],
			name: { ja: name, en: name },
			municipality: { ja: municipalityOf(spots[0]!).name, en: municipalityOf(spots[0]!).romaji },
			meetingPoint: false,
		});
		const stops: PlannedStop[] = [
			{ kind: 'start', ...at(places[0]!, base.name), arrival: now, departure: now, visits: [], way: null },
		];
		for (const [i, spot] of [...spots, null].entries()) {
			const leg = legs[i]!;
			now += Math.round(leg.duration) * 1000;
			const arrival = now;
			const planned = spot === null ? [] : [0, 1].map((turn) => plannedVisit(numbers[nth++]!, now + turn * 25 * minute, turn, day));
			now = planned.at(-1)?.to ?? now;
			stops.push({
				kind: spot === null ? 'end' : 'visits',
				...at(places[i + 1]!, spot?.name ?? base.name),
				arrival,
				departure: now,
				visits: planned,
				meetingPoint: i === 1,
				way: {
					distance: leg.distance,
					duration: leg.duration,
					geometry: leg.geometry as NonNullable<PlannedStop['way']>['geometry'],
				},
			});
		}
		routes.push({ vehicle: tour.vehicle, distance, stops, next: 0, reached: true });
	}
	return { from: begin, to: begin + 9 * 60 * minute, doctors, routes, unassigned: [] };
}

function plannedVisit(visit: number, from: number, turn: number, day: TestDay) {
	const consult = { doctor: day.doctors[turn]!, from: from + 8 * minute, to: from + 18 * minute };
	return { visit, need: turn === 0 ? ('heart-failure' as const) : ('follow-up' as const), from, to: from + 25 * minute, consult };
}
