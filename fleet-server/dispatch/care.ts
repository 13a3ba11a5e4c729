/** A day of care before it is planned: who can drive and attend, and who asks for a visit. Times are seconds since midnight. */
import type { CareNeed, Specialty } from '@junkai/contracts';
import type { VehicleClass } from '../roads/port.ts';

/** What a van may carry that a visit may need; the number is the skill in a planning problem. */
export const equipment = { ultrasound: 1, 'x-ray': 2 } as const;
export type Equipment = keyof typeof equipment;

export type Period = readonly [from: number, to: number];

export interface CareVan {
	/** In the planning problem. */
	readonly id: number;
	/** In the fleet: `van-1`. */
	readonly vehicle: string;
	/** Facility of the region from which it leaves and to which it returns. */
	readonly base: string;
	readonly class: VehicleClass;
	readonly equipment: readonly Equipment[];
	readonly shift: Period;
	/** The crew's rest begins within this. */
	readonly lunch: Period;
}

export interface CareDoctor {
	readonly id: number;
	readonly name: { readonly ja: string; readonly en: string };
	readonly specialties: readonly Specialty[];
	/** Facility of the region. */
	readonly institution: string;
	readonly hours: readonly Period[];
}

export interface CareVisit {
	readonly id: number;
	/** Settlement of the region. */
	readonly settlement: string;
	readonly need: CareNeed;
	/** The nurse begins within this. */
	readonly window: Period;
}

export interface CareDay {
	readonly vans: readonly CareVan[];
	readonly doctors: readonly CareDoctor[];
	readonly visits: readonly CareVisit[];
}

/** How a need is met: the nurse alone for `service`, or nurse's preparation, doctor's part and nurse's rest. Seconds. */
export interface Treatment {
	readonly service: number;
	readonly consult: {
		readonly specialty: Specialty;
		readonly preparation: number;
		readonly duration: number;
		readonly rest: number;
	} | null;
	readonly equipment: Equipment | null;
	/** Share of all visits, in parts of the sum. An assumption of the demonstration. */
	readonly share: number;
}

const withDoctor = (
	specialty: Specialty,
	[preparation, duration, rest]: readonly [number, number, number],
	share: number,
	needed: Equipment | null = null,
): Treatment => ({
	service: (preparation + duration + rest) * 60,
	consult: { specialty, preparation: preparation * 60, duration: duration * 60, rest: rest * 60 },
	equipment: needed,
	share,
});
const nurseOnly = (minutes: number, share: number, needed: Equipment | null = null): Treatment => ({
	service: minutes * 60,
	consult: null,
	equipment: needed,
	share,
});

/** Minutes and shares are assumptions of the demonstration, not measured. */
export const treatments: Readonly<Record<CareNeed, Treatment>> = {
	'follow-up': withDoctor('general', [8, 12, 5], 26),
	'heart-failure': withDoctor('cardiology', [12, 15, 5], 14),
	breathing: withDoctor('respiratory', [10, 14, 6], 9),
	skin: withDoctor('dermatology', [8, 10, 12], 7),
	memory: withDoctor('neurology', [12, 20, 6], 8),
	ultrasound: withDoctor('general', [18, 12, 5], 6, 'ultrasound'),
	'blood-test': nurseOnly(15, 12),
	medication: nurseOnly(15, 10),
	vaccination: nurseOnly(10, 5),
	'x-ray': nurseOnly(25, 3, 'x-ray'),
};

/** Length of the crew's rest, seconds. */
export const LUNCH_SECONDS = 45 * 60;
