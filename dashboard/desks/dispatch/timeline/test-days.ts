/** Days for the tests of the timeline, small enough to be checked by eye. */
import { draftDay, publishedPlan, type DraftDay, type PublishedPlan } from '@junkai/contracts';

const midnight = Date.parse('2026-11-24T00:00:00+09:00');
/** `9.5` is half past nine on the day. */
export const at = (hours: number): number => midnight + Math.round(hours * 3_600_000);

const base = { location: [135.76, 33.86], name: { ja: '本宮診療所', en: 'Hongu clinic' }, municipality: null, meetingPoint: false };
const way = {
	distance: 12_000,
	duration: 1800,
	geometry: {
		type: 'LineString',
		coordinates: [
			[135.7, 33.8],
			[135.8, 33.9],
		],
	},
};
const place = (ja: string) => ({
	location: [135.7, 33.8],
	name: { ja, en: ja },
	municipality: { ja: '田辺市', en: 'Tanabe' },
	meetingPoint: false,
	way,
});

/** Two vans, two doctors. van-10 stands before van-2 in the plan, as an office's list may have it. */
export const day: DraftDay = draftDay.parse({
	date: '2026-11-24',
	draft: {
		from: at(8.5),
		to: at(17),
		doctors: [
			{ id: 1, name: { ja: '田中', en: 'Tanaka' }, specialties: ['general'] },
			{ id: 2, name: { ja: '岡', en: 'Oka' }, specialties: ['cardiology'] },
			{ id: 3, name: { ja: '林', en: 'Hayashi' }, specialties: ['general'] },
		],
		routes: [
			{
				vehicle: 'van-10',
				distance: 36_000,
				next: 0,
				reached: true,
				stops: [
					{ ...base, kind: 'start', arrival: at(8.5), departure: at(9), visits: [], way: null },
					{
						...place('請川'),
						kind: 'visits',
						arrival: at(9.5),
						departure: at(11),
						visits: [
							{ visit: 101, need: 'follow-up', from: at(9.75), to: at(10.25), consult: { doctor: 1, from: at(10), to: at(10.2) } },
							{ visit: 102, need: 'medication', from: at(10.5), to: at(11), consult: null },
						],
					},
					{ ...base, kind: 'break', arrival: at(12), departure: at(13), visits: [], way: null },
					{ ...base, kind: 'end', arrival: at(14), departure: at(14), visits: [], way },
				],
			},
			{
				vehicle: 'van-2',
				distance: 24_000,
				next: 0,
				reached: true,
				stops: [
					{ ...base, kind: 'start', arrival: at(8.75), departure: at(8.75), visits: [], way: null },
					{
						...place('龍神'),
						kind: 'visits',
						arrival: at(9.25),
						departure: at(9.75),
						visits: [
							{
								visit: 103,
								need: 'heart-failure',
								from: at(9.25),
								to: at(9.75),
								consult: { doctor: 2, from: at(9.4), to: at(9.6) },
							},
						],
					},
					{ ...base, kind: 'end', arrival: at(10.25), departure: at(10.25), visits: [], way },
				],
			},
		],
		unassigned: [{ visit: 104, need: 'ultrasound', ...place('すさみ'), rule: 'skills' }],
	},
	reasons: [],
	measures: {
		visits: 3,
		unassigned: 1,
		distance: 60_000,
		travel: 7200,
		waiting: 1800,
		service: 5400,
		doctorBusy: 1440,
		doctorHours: 21_600,
		doctorGaps: 0,
		changed: 0,
		cost: 1,
		costs: {},
		vehicles: [],
		doctors: [],
		municipalities: [],
	},
	lanes: {
		vehicles: [
			{ vehicle: 'van-10', from: at(8.5), until: at(17.25), driver: '前田 修', nurse: null },
			{ vehicle: 'van-2', from: at(8.5), until: at(17.25), driver: null, nurse: null },
			{ vehicle: 'van-3', from: at(7.75), until: at(17.25), driver: null, nurse: null },
		],
		doctors: [
			{ doctor: 1, hours: [[at(9), at(12)]] },
			{ doctor: 2, hours: [[at(9), at(12)]] },
		],
	},
});

export const plan: PublishedPlan = publishedPlan.parse({
	...day.draft,
	id: '00000000-0000-4000-8000-000000000001',
	revision: 1,
	published: at(8),
});
