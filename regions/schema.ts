/** Schemas of a region's files. Every key that is not known is refused, so that a slip of the pen does not pass for an unknown fact. */
import { z } from 'zod';

const text = z.string().min(1);
const lat = z.number().min(-90).max(90);
const lon = z.number().min(-180).max(180);
const count = z.int().min(0);

/** Name in the two languages of the screens. */
const bilingual = z.strictObject({ ja: text, en: text });

/** Speed of each hour of a day against the roads' mean speed: 0.8 is a fifth slower. */
const hours = z.array(z.number().min(0.1).max(2)).length(24, 'a factor for each of 24 hours');
const speedProfile = z.strictObject({ weekday: hours, saturday: hours.optional(), sunday: hours.optional() });

export const regionFile = z.strictObject({
	id: z.string().regex(/^[a-z][a-z0-9-]*$/),
	name: bilingual,
	country: z.string().length(2),
	timeZone: text,
	/** west, south, east, north */
	bounds: z.tuple([lon, lat, lon, lat]),
	/** True when some of the facts are old or assumed, so that no one may take them for operational. */
	demonstration: z.boolean(),
	/** Widest vehicle for roads marked narrow that say no width of their own, metres; any when absent. */
	narrowMaxWidth: z.number().gt(0).max(10).optional(),
	/** How speeds vary over the day, in local time; not at all when absent. `weekday` stands in for a day that is absent. */
	speedByHour: speedProfile.optional(),
	licences: z.array(z.strictObject({ covers: z.array(text).min(1), licence: text, credit: text })).min(1),
	/** Named nodes of the road network, as [lat, lon]. */
	junctions: z.record(text, z.tuple([lat, lon])),
});

export const municipality = z.strictObject({
	id: z.string().regex(/^\d{5}$/, 'five digits (JIS X 0402)'),
	jis: z.string().regex(/^\d{6}$/, 'six digits (JIS X 0402 with check digit)'),
	name: text,
	kana: text,
	romaji: text,
	kind: z.enum(['city', 'town', 'village']),
	district: text.optional(),
	medicalArea: text,
	depopulated: z.enum(['none', 'part', 'deemed', 'whole']),
	depopulatedArea: text.optional(),
	hall: z.strictObject({ lat, lon, source: text }),
	population: count,
	households: count,
	/** Percent aged 65 and over. */
	share65: z.number().min(0).max(100),
	areaKm2: z.number().gt(0),
});

export const settlement = z.strictObject({
	id: text,
	municipality: text,
	name: text,
	kana: text.optional(),
	romaji: text.optional(),
	lat,
	lon,
	precision: z.enum(['facility', 'shelter', 'aza', 'mesh']),
	/** A public building where a van can stand. */
	stop: text.optional(),
	stopSource: text.optional(),
	/** Metres above sea level. */
	elevation: z.number().min(-10).max(4000).optional(),
	population: count,
	over65: count,
	over75: count,
	households: count,
	hospitalMinutes: count,
	clinicMinutes: count,
	accessKm: z.number().min(0),
	remote: z.boolean().optional(),
});

export const facilityRoles = [
	'vehicle-base',
	'doctor-site',
	'referral',
	'referral-tertiary',
	'remote-clinic',
	'program-hub',
] as const;
export const facility = z.strictObject({
	id: text,
	name: text,
	kind: z.enum(['hospital', 'psychiatric-hospital', 'clinic', 'private-clinic']),
	municipality: text,
	lat,
	lon,
	source: text,
	roles: z.array(z.enum(facilityRoles)),
	note: text.optional(),
});

export const roadClasses = ['motorway', 'trunk', 'primary', 'primary_link', 'secondary', 'tertiary', 'access'] as const;
const roadProperties = z.strictObject({
	id: text,
	ref: text.nullable(),
	name: text,
	class: z.enum(roadClasses),
	/** Mean speed of a van, km/h. */
	speedKmh: z.number().gt(0).max(120),
	/** Length on the ground, km: longer than the drawn line. */
	km: z.number().gt(0).max(200),
	narrow: z.boolean(),
	lanes: z.int().min(1).max(8).optional(),
	/** Largest vehicle that may pass: metres, metres, tonnes. */
	maxWidth: z.number().gt(0).max(10).optional(),
	maxHeight: z.number().gt(0).max(10).optional(),
	maxWeight: z.number().gt(0).max(100).optional(),
	/** The edge is a bridge. */
	bridge: z.boolean().optional(),
	toll: z.boolean().optional(),
	/** Winter rule, in words. */
	winter: text.optional(),
	/** In a neighbouring prefecture. */
	outside: text.optional(),
	/** Tunnels somewhere on the stretch that this edge belongs to. */
	tunnels: z.array(text).optional(),
	note: text.optional(),
});

export const roadsFile = z.strictObject({
	type: z.literal('FeatureCollection'),
	features: z
		.array(
			z.strictObject({
				type: z.literal('Feature'),
				properties: roadProperties,
				geometry: z.strictObject({ type: z.literal('LineString'), coordinates: z.array(z.tuple([lon, lat])).min(2) }),
			}),
		)
		.min(1),
});

export const closure = z.strictObject({
	id: text,
	road: text,
	ref: text.optional(),
	section: text,
	/** Continuous rainfall that closes the section, mm. */
	continuousMm: z.number().gt(0).optional(),
	/** Rainfall of one hour that closes it, mm. */
	hourMm: z.number().gt(0).optional(),
	hazard: text,
	/** Its two ends, as [lat, lon]. */
	ends: z.tuple([z.tuple([lat, lon]), z.tuple([lat, lon])]),
	/** Road edges of the section; empty where it was not matched. */
	edges: z.array(text),
});

const fraction = z.number().min(0).max(1);
const gapEdge = z.union([
	text,
	z
		.strictObject({ edge: text, from: fraction, to: fraction })
		.refine((part) => part.from < part.to, 'a part of an edge goes from a lower to a higher fraction'),
]);

export const radioGap = z.strictObject({
	id: text,
	road: text,
	name: bilingual,
	state: z.enum(['none', 'weak']),
	/** Whole edges by id, or the part between two fractions of an edge's length in its own direction. */
	edges: z.array(gapEdge).min(1),
	/** Where coverage comes back. */
	returns: z.array(z.strictObject({ place: text, lat, lon })).min(1),
});

/** A demonstration van's day: from its base to these settlements, in this order, and back. */
export const round = z.strictObject({
	id: text,
	name: bilingual,
	base: text,
	stops: z.array(text).min(1),
});

/** A municipality of former days, as addresses still name it. */
export const oldMunicipality = z.strictObject({
	name: text,
	kana: text,
	district: text.optional(),
	/** The municipality that it is part of today. */
	into: text,
	/** The day on which it ceased to be. */
	until: z.iso.date(),
	/** How names of its settlements begin today, where they keep its name. */
	keeps: text.optional(),
	keepsKana: text.optional(),
});
/** A place outside of the region that addresses name without its prefecture. */
export const neighbour = z.strictObject({ name: text, prefecture: text });

/** A day of rain for demonstrations; which roads it closes follows from the region's rules. */
export const scenario = z.strictObject({
	id: z.string().regex(/^[a-z][a-z0-9-]*$/),
	name: bilingual,
	about: bilingual,
	/** Rain of each hour since it began, mm. */
	hourlyMm: z.array(z.number().min(0).max(500)).min(1).max(96),
	/** An hour with less than this counts as dry, mm. */
	dryBelowMm: z.number().min(0).max(10),
	/** Closed sections are opened after so many dry hours: until then they are looked over. */
	reopenAfterHours: z.int().min(1).max(48),
});

export const municipalitiesFile = z.strictObject({ municipalities: z.array(municipality).min(1) });
export const settlementsFile = z.strictObject({ settlements: z.array(settlement) });
export const facilitiesFile = z.strictObject({ facilities: z.array(facility) });
export const closuresFile = z.strictObject({ closures: z.array(closure) });
export const coverageFile = z.strictObject({ gaps: z.array(radioGap) });
export const roundsFile = z.strictObject({ rounds: z.array(round) });
export const scenariosFile = z.strictObject({ scenarios: z.array(scenario) });
export const oldNamesFile = z.strictObject({
	oldMunicipalities: z.array(oldMunicipality),
	neighbours: z.array(neighbour),
});

export type Municipality = z.infer<typeof municipality>;
export type SpeedProfile = z.infer<typeof speedProfile>;
export type Settlement = z.infer<typeof settlement>;
export type Facility = z.infer<typeof facility>;
export type FacilityRole = (typeof facilityRoles)[number];
export type RoadClass = (typeof roadClasses)[number];
/** One edge of the road network; `line` is [lon, lat] from end to end. */
export type Road = z.infer<typeof roadProperties> & { line: [number, number][] };
export type Closure = z.infer<typeof closure>;
export type RadioGap = z.infer<typeof radioGap>;
export type Round = z.infer<typeof round>;
export type Scenario = z.infer<typeof scenario>;
export type OldMunicipality = z.infer<typeof oldMunicipality>;
export type Neighbour = z.infer<typeof neighbour>;

/** A region: all of its files, checked. */
export type Region = z.infer<typeof regionFile> & {
	municipalities: Municipality[];
	settlements: Settlement[];
	facilities: Facility[];
	roads: Road[];
	closures: Closure[];
	radioGaps: RadioGap[];
	rounds: Round[];
	oldMunicipalities: OldMunicipality[];
	neighbours: Neighbour[];
	scenarios: Scenario[];
};
