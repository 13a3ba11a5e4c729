/** A shift while it is in the form. */
import type { Shift } from '@junkai/contracts';
import type { TimePair } from '../../../shared/records/date-field.tsx';
import { numberOf } from '../../../shared/records/fields.tsx';

export interface ShiftDraft {
	vehicle: string | null;
	driver: number | null;
	nurse: number | null;
	days: { from: string; until: string };
	weekdays: number[];
	except: string[];
	hours: TimePair;
	rest: { minutes: string; between: TimePair };
	surge: boolean;
}

export const shiftDraft = (shift: Shift): ShiftDraft => ({
	vehicle: shift.vehicle,
	driver: shift.driver,
	nurse: shift.nurse,
	days: { from: shift.from, until: shift.until },
	weekdays: [...shift.weekdays],
	except: [...shift.except],
	hours: shift.hours,
	rest: { minutes: String(shift.rest.minutes), between: shift.rest.between },
	surge: shift.surge,
});

/** A usual day: eight hours of work, three quarters of an hour of rest at noon. */
export const emptyShift = (vehicle: string | null, day: string | null, weekday: number | null, surge: boolean): ShiftDraft => ({
	vehicle,
	driver: null,
	nurse: null,
	days: { from: day ?? '', until: day ?? '' },
	weekdays: weekday === null ? [1, 2, 3, 4, 5] : [weekday],
	except: [],
	hours: ['08:30', '17:15'],
	rest: { minutes: '45', between: ['11:30', '13:30'] },
	surge,
});

export const shiftBodyOf = ({ days, rest, ...draft }: ShiftDraft): unknown => ({
	...draft,
	from: days.from,
	until: days.until,
	except: draft.except.filter((day) => day !== ''),
	rest: { minutes: numberOf(rest.minutes), between: rest.between },
});
