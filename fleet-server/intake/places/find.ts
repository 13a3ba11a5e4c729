/**
 * From an address to places of the region. It never guesses in silence: what it found stands beside how sure it is, two settlements
 * of one name are told as two, and where a municipality is named no other one is taken.
 */
import type { CarePlace, PlaceAnswer, PlaceMatch } from '@junkai/contracts';
import { distanceKm, type Region } from '@junkai/regions';
import { foldKana, foldName, hasKanji, slips } from './fold.ts';
import {
	createGazetteer,
	type Forms,
	type FormerMunicipality,
	type Gazetteer,
	type KnownMunicipality,
	type KnownSettlement,
} from './gazetteer.ts';
import { partsOf, type AddressParts } from './parse.ts';

export interface Places {
	/** Places that an address may mean. */
	find(address: string, limit?: number): PlaceAnswer;
	/** Settlements nearest to a point, as places at the settlement's middle. */
	nearest(lon: number, lat: number, limit?: number): PlaceMatch[];
	readonly gazetteer: Gazetteer;
}

/** From here a place is taken when its municipality is named, and when it is not. */
const SURE = { named: 0.8, unnamed: 0.95 };
/** Two that are nearer than this are as good as each other. */
const TIE = 0.05;
/** Beside a place that was found, only those that come so near to it are worth a look. */
const NEAR = 0.2;
/** Below this it is not worth showing. */
const LEAST = 0.5;

type How = PlaceMatch['how'];
interface Scored {
	readonly settlement: KnownSettlement;
	readonly score: number;
	readonly how: How;
}

/** What an address begins with: where, and how surely. `rest` is what names the settlement. */
interface Start {
	readonly municipality: KnownMunicipality | null;
	readonly former: FormerMunicipality | null;
	/** Municipalities that are possible by a district that is named. */
	readonly among: ReadonlySet<string> | null;
	readonly rest: AddressParts;
	readonly weight: number;
	readonly how: How;
}

export function createPlaces(region: Region): Places {
	const gazetteer = createGazetteer(region);
	const remembered = new Map<string, PlaceAnswer>();
	return {
		gazetteer,
		find: (address, limit = 5) => {
			const key = `${limit} ${address}`;
			const known = remembered.get(key);
			if (known !== undefined) return known;
			// A spreadsheet names the same few settlements again and again.
			if (remembered.size >= 2000) remembered.clear();
			const answer = find(gazetteer, address.trim(), limit);
			remembered.set(key, answer);
			return answer;
		},
		nearest: (lon, lat, limit = 5) => nearest(gazetteer, lon, lat, limit),
	};
}

function find(gazetteer: Gazetteer, address: string, limit: number): PlaceAnswer {
	const parts = partsOf(address);
	const none: PlaceAnswer = { verdict: 'unknown', matches: [], prefecture: null };
	if (parts.latin.length > 0) {
		const last = parts.latin.findLast((word) => gazetteer.municipalities.some(({ latin }) => latin.includes(word)));
		const municipality = gazetteer.municipalities.find(({ latin }) => last !== undefined && latin.includes(last)) ?? null;
		return conclude(latinMatches(gazetteer, parts, municipality), address, limit, municipality);
	}
	if (parts.name === '') return none;
	const home = foldName(gazetteer.region.name.ja);
	const inside = parts.name.startsWith(home) ? cut(parts, home.length) : parts;
	const starts = startsOf(gazetteer, inside);
	const foreign = gazetteer.outside.find(({ name }) => inside.name.startsWith(name));
	if (foreign !== undefined && starts.every(({ municipality, among }) => municipality === null && among === null)) {
		return { verdict: 'outside', matches: [], prefecture: foreign.prefecture };
	}
	const scored = best(starts.flatMap((start) => settlementsFor(gazetteer, start)));
	const named = starts.find(({ municipality, weight }) => municipality !== null && weight >= 0.9)?.municipality ?? null;
	const answer = conclude([...scored, ...elsewhere(gazetteer, scored, starts, named)], address, limit, named);
	if (answer.verdict === 'found') return answer;
	return withBuildings(gazetteer, foldName(address), address, answer, named, limit);
}

/** Settlements of that name in other municipalities than the one named: to be shown, never to be taken. */
function elsewhere(
	gazetteer: Gazetteer,
	scored: readonly Scored[],
	starts: readonly Start[],
	named: KnownMunicipality | null,
): Scored[] {
	if (named === null || scored.some(({ score }) => score >= SURE.named)) return [];
	const rests = starts.filter(({ municipality }) => municipality === named).map(({ rest }) => rest.name);
	return gazetteer.settlements
		.filter(
			({ municipality, whole, rest }) =>
				municipality.id !== named.facts.id && (rests.includes(whole.name) || rests.includes(rest?.name ?? '-')),
		)
		.map((settlement): Scored => ({ settlement, score: 0.45, how: 'fuzzy' }));
}

/** What is left after so many letters. */
function cut(parts: AddressParts, length: number): AddressParts {
	const name = parts.name.slice(length);
	const breaks = new Set([...parts.breaks].map((at) => at - length).filter((at) => at > 0));
	return { name, breaks, kana: hasKanji(name) ? '' : foldKana(name), latin: [] };
}

/** The longest of these names with which a text begins. */
const longest = <T>(items: readonly T[], names: (item: T) => readonly string[], text: string): { item: T; name: string } | null => {
	let found: { item: T; name: string } | null = null;
	for (const item of items) {
		for (const name of names(item)) {
			if (name !== '' && text.startsWith(name) && name.length > (found?.name.length ?? 0)) found = { item, name };
		}
	}
	return found;
};

function startsOf(gazetteer: Gazetteer, whole: AddressParts): Start[] {
	let parts = whole;
	let among: ReadonlySet<string> | null = null;
	const district = gazetteer.districts.find(({ name }) => parts.name.startsWith(name));
	if (district !== undefined) {
		among = district.municipalities;
		parts = cut(parts, district.name.length);
	}
	const open: Start = { municipality: null, former: null, among, rest: parts, weight: 1, how: 'exact' };
	const starts = [...byName(gazetteer, open), ...byReading(gazetteer, open)];
	if (starts.length > 0) return starts;
	return [open, ...bySlip(gazetteer, open), ...byStem(gazetteer, open)];
}

/** 田辺市…, 田辺市本宮町…, 本宮町…, 清水町…; the longer name is meant: 有田川町 is not 有田. */
function byName(gazetteer: Gazetteer, open: Start): Start[] {
	const today = longest(gazetteer.municipalities, ({ names }) => names, open.rest.name);
	const former = longest(gazetteer.former, ({ names }) => names.slice(0, 2), open.rest.name);
	const starts: Start[] = [];
	if (today !== null && today.name.length >= (former?.name.length ?? 0)) {
		starts.push(...withFormer(gazetteer, { ...open, municipality: today.item, rest: cut(open.rest, today.name.length) }));
	}
	if (former !== null && former.name.length >= (today?.name.length ?? 0)) {
		const { item, name } = former;
		// 串本町 was and is: today's has been taken already.
		if (today?.item !== item.municipality) {
			starts.push({ ...open, municipality: item.municipality, former: item, rest: cut(open.rest, name.length), how: 'old-name' });
		}
	}
	return starts;
}

/** Within a municipality the former one may be named once more. */
function withFormer(gazetteer: Gazetteer, start: Start): Start[] {
	const inside = gazetteer.former.filter(({ municipality }) => municipality === start.municipality);
	const kana = start.rest.kana !== '';
	const found = longest(inside, (item) => (kana ? item.kana : item.names), kana ? start.rest.kana : start.rest.name);
	if (found === null) return [start];
	const rest = kana ? cutKana(start.rest, found.name.length) : cut(start.rest, found.name.length);
	if (rest.name === '' && rest.kana === '') return [start];
	return [{ ...start, former: found.item, rest }];
}

/** たなべし…; only when the whole address is a reading. */
function byReading(gazetteer: Gazetteer, open: Start): Start[] {
	const { kana } = open.rest;
	if (kana === '') return [];
	const today = longest(gazetteer.municipalities, (item) => item.kana, kana);
	const former = longest(gazetteer.former, (item) => item.kana, kana);
	if (today !== null && today.name.length >= (former?.name.length ?? 0)) {
		return withFormer(gazetteer, { ...open, municipality: today.item, rest: cutKana(open.rest, today.name.length), how: 'kana' });
	}
	if (former === null) return [];
	const rest = cutKana(open.rest, former.name.length);
	return [{ ...open, municipality: former.item.municipality, former: former.item, rest, how: 'kana' }];
}

const cutKana = (parts: AddressParts, length: number): AddressParts => ({
	name: parts.kana.slice(length),
	breaks: new Set(),
	kana: parts.kana.slice(length),
	latin: [],
});

/** 那智勝裏町…: a slip within the name of a municipality, up to its 市, 町 or 村. */
function bySlip(gazetteer: Gazetteer, open: Start): Start[] {
	const { name } = open.rest;
	const starts: Start[] = [];
	for (const ending of name.slice(0, 9).matchAll(/[市町村]/g)) {
		const head = name.slice(0, ending.index + 1);
		if (head.length < 3) continue;
		for (const item of [...gazetteer.municipalities, ...gazetteer.former]) {
			if (!isNear(head, item.names[0]!)) continue;
			const distance = slips(head, item.names[0]!);
			if (distance > 1 || distance / head.length > 0.26) continue;
			const former = 'municipality' in item ? item : null;
			const municipality = former?.municipality ?? (item as KnownMunicipality);
			const start: Start = { ...open, municipality, former, rest: cut(open.rest, head.length), weight: 0.95, how: 'fuzzy' };
			starts.push(...(former === null ? withFormer(gazetteer, start) : [start]));
		}
	}
	return starts;
}

/** Whether two names can be one slip apart at all: told without weighing each letter. */
const isNear = (one: string, other: string): boolean =>
	Math.abs(one.length - other.length) <= 1 && shared(other, one) >= one.length - 2;

/** Letters of a name that occur in a text. */
const shared = (text: string, name: string): number => Array.from(name).filter((letter) => text.includes(letter)).length;

/** 古座川 高池: the municipality without its 町, when a settlement of it follows. */
function byStem(gazetteer: Gazetteer, open: Start): Start[] {
	const fitting = gazetteer.municipalities.filter(({ stem }) => open.rest.name.startsWith(stem) && open.rest.name !== stem);
	return fitting.flatMap((municipality) =>
		withFormer(gazetteer, { ...open, municipality, rest: cut(open.rest, municipality.stem.length), weight: 0.97 }),
	);
}

function settlementsFor(gazetteer: Gazetteer, start: Start): Scored[] {
	const { municipality, former, among, rest, weight } = start;
	const pool = municipality?.settlements ?? gazetteer.settlements;
	const kana = rest.kana !== '';
	const text = kana ? rest.kana : rest.name;
	if (text === '') return [];
	const candidates = pool
		.filter((settlement) => among === null || municipality !== null || among.has(settlement.municipality.id))
		.flatMap((settlement) => formsFor(settlement, former, municipality !== null).map((form) => ({ settlement, ...form })));
	const score = (compareBy: typeof compare, slipped: boolean) =>
		candidates.flatMap(({ settlement, form, share, own }): Scored[] => {
			const name = kana ? form.kana : form.name;
			const reached = compareBy(text, name, kana ? new Set() : rest.breaks, kana ? own.kana : own.name) * share * weight;
			const how = slipped ? 'fuzzy' : kana ? 'kana' : start.how;
			return reached < LEAST ? [] : [{ settlement, score: how === 'old-name' ? reached * 0.99 : reached, how }];
		});
	const plain = score(compare, false);
	// Nothing with a slip comes near what is written out.
	return plain.some((one) => one.score >= 0.97 * weight * 0.99) ? plain : [...plain, ...score(compareSlips, true)];
}

/** By which forms a settlement may be named after such a beginning. */
function formsFor(settlement: KnownSettlement, former: FormerMunicipality | null, named: boolean): NamedForm[] {
	const { whole, rest } = settlement;
	const own = { name: (rest ?? whole).name.length, kana: (rest ?? whole).kana.length };
	if (former !== null) {
		if (settlement.former === former.facts) return [{ form: rest!, share: 1, own }];
		// Those whose settlements keep its name have no others.
		return settlement.former === null && former.facts.keeps === undefined ? [{ form: whole, share: 1, own }] : [];
	}
	return [{ form: whole, share: 1, own }, ...(rest === null ? [] : [{ form: rest, share: named ? 0.93 : 0.98, own }])];
}

interface NamedForm {
	readonly form: Forms;
	readonly share: number;
	/** Letters of the settlement's own name, by which slips are weighed: 中辺路町 tells nothing of 近露. */
	readonly own: { readonly name: number; readonly kana: number };
}

/** How well a text names a settlement: wholly, or as its beginning. */
function compare(text: string, name: string, breaks: ReadonlySet<number>, own: number): number {
	// A name that is being typed.
	if (name.startsWith(text) && name !== text) return 0.6;
	if (name === '' || !text.startsWith(name)) return 0;
	if (text.length === name.length) return 1;
	if (breaks.has(name.length)) return 0.97;
	// One letter and then others is rather another settlement than this one with a part named after it.
	return own >= 3 ? 0.93 : own === 2 ? 0.86 : 0.55;
}

/** The same but for slips. */
function compareSlips(text: string, name: string, breaks: ReadonlySet<number>, own: number): number {
	if (text.length < 2 || name.length < 2 || text.startsWith(name) || shared(text, name) < name.length / 2) return 0;
	let least = Math.abs(text.length - name.length) > 3 ? Infinity : slips(text, name);
	for (let length = Math.max(2, name.length - 1); length <= name.length + 1 && length < text.length; length++) {
		least = Math.min(least, slips(text.slice(0, length), name) + (breaks.has(length) ? 0.1 : 0.3));
	}
	return Math.max(0, 0.95 - (0.5 * least) / own);
}

/** 「Hongucho Kirihata, Tanabe-shi」: words in any order. */
function latinMatches(gazetteer: Gazetteer, { latin }: AddressParts, municipality: KnownMunicipality | null): Scored[] {
	const ending = /^(?:shi|cho|machi|mura|son)$/;
	// The municipality is named last; a settlement may bear its name.
	const last = latin.findLastIndex((word) => municipality?.latin.includes(word));
	const rest = latin.filter((word, at) => at !== last && !ending.test(word)).join('');
	if (rest === '') return [];
	const scored: Scored[] = [];
	for (const settlement of municipality?.settlements ?? gazetteer.settlements) {
		for (const [form, share] of [
			[settlement.whole, 1],
			[settlement.rest, 0.93],
		] as const) {
			if (form === null || form.latin === '' || Math.abs(form.latin.length - rest.length) > 4) continue;
			const score = (rest === form.latin ? 1 : 0.95 - (0.8 * slips(rest, form.latin)) / form.latin.length) * share;
			if (score >= 0.6) scored.push({ settlement, score, how: rest === form.latin ? 'kana' : 'fuzzy' });
		}
	}
	return best(scored);
}

/** Each settlement once, by its best way, the best first. */
function best(scored: readonly Scored[]): Scored[] {
	const bySettlement = new Map<string, Scored>();
	for (const one of scored) {
		const known = bySettlement.get(one.settlement.facts.id);
		if (known === undefined || known.score < one.score) bySettlement.set(one.settlement.facts.id, one);
	}
	return [...bySettlement.values()].toSorted(
		(a, b) => b.score - a.score || (a.settlement.facts.id < b.settlement.facts.id ? -1 : 1),
	);
}

function conclude(scored: readonly Scored[], address: string, limit: number, named: KnownMunicipality | null): PlaceAnswer {
	const [first, second] = scored;
	let verdict: PlaceAnswer['verdict'] = 'unknown';
	if (first !== undefined && first.score >= (named === null ? SURE.unnamed : SURE.named)) {
		verdict = second !== undefined && first.score - second.score < TIE ? 'ambiguous' : 'found';
	}
	const shown = verdict === 'found' ? scored.filter(({ score }) => score > first!.score - NEAR) : scored;
	const matches = shown.slice(0, limit).map((one) => settlementMatch(one, address));
	if (verdict !== 'found' && named !== null && matches.length < limit) matches.push(municipalityMatch(named, address));
	return { verdict, matches, prefecture: null };
}

/** Meeting places, hospitals and clinics by their own names. */
function withBuildings(
	gazetteer: Gazetteer,
	text: string,
	address: string,
	answer: PlaceAnswer,
	named: KnownMunicipality | null,
	limit: number,
): PlaceAnswer {
	const fits = (name: string) => name.length >= 3 && (text === name || (name.length >= 4 && text.endsWith(name)));
	const inNamed = (id: string) => named === null || named.facts.id === id;
	const stops = gazetteer.settlements
		.filter(({ stop, municipality }) => stop !== null && fits(stop) && inNamed(municipality.id))
		.map((settlement) => settlementMatch({ settlement, score: 0.95, how: 'exact' }, address));
	const buildings = gazetteer.facilities
		.filter(({ name, municipality }) => fits(name) && municipality !== null && inNamed(municipality.id))
		.map(({ facts, municipality }): PlaceMatch => {
			const { id, name, romaji } = municipality!;
			const place: CarePlace = { address, settlement: null, location: [facts.lon, facts.lat], precision: 'point' };
			const names = { ja: facts.name, en: facts.name };
			return { place, name: names, municipality: { id, ja: name, en: romaji }, stop: null, score: 0.95, how: 'exact' };
		});
	const found = [...stops, ...buildings];
	if (found.length === 0) return answer;
	return {
		verdict: found.length === 1 ? 'found' : 'ambiguous',
		matches: [...found, ...answer.matches].slice(0, limit),
		prefecture: null,
	};
}

const roundScore = (score: number): number => Math.round(Math.min(1, score) * 1000) / 1000;

function settlementMatch({ settlement, score, how }: Scored, address: string): PlaceMatch {
	const { facts, municipality } = settlement;
	return {
		place: { address, settlement: facts.id, location: [facts.lon, facts.lat], precision: 'settlement' },
		name: { ja: facts.name, en: facts.romaji ?? facts.name },
		municipality: { id: municipality.id, ja: municipality.name, en: municipality.romaji },
		stop: facts.stop ?? null,
		score: roundScore(score),
		how,
	};
}

function municipalityMatch({ facts }: KnownMunicipality, address: string): PlaceMatch {
	return {
		place: { address, settlement: null, location: [facts.hall.lon, facts.hall.lat], precision: 'municipality' },
		name: { ja: facts.name, en: facts.romaji },
		municipality: { id: facts.id, ja: facts.name, en: facts.romaji },
		stop: null,
		score: 0.4,
		how: 'municipality',
	};
}

function nearest({ settlements }: Gazetteer, lon: number, lat: number, limit: number): PlaceMatch[] {
	return settlements
		.map((settlement) => ({ settlement, km: distanceKm([lon, lat], [settlement.facts.lon, settlement.facts.lat]) }))
		.toSorted((a, b) => a.km - b.km)
		.slice(0, limit)
		.map(({ settlement, km }) => {
			const address = settlement.municipality.name + settlement.facts.name;
			return settlementMatch({ settlement, score: 1 / (1 + km), how: 'exact' }, address);
		});
}
