/** A doctor's consults as iCalendar (RFC 5545). */
import ical, { ICalCalendarMethod, ICalEventBusyStatus, ICalEventStatus } from 'ical-generator';

export interface CalendarEvent {
	/** The same for the same consult, whatever becomes of it. */
	readonly id: string;
	/** Grows with each change. */
	readonly sequence: number;
	/** Of the last change; this and the next two are ms since 1970. */
	readonly changed: number;
	readonly starts: number;
	readonly ends: number;
	readonly vehicle: string;
	readonly town: string;
	readonly cancelled: boolean;
}

export interface CalendarInput {
	/** Of the doctor. */
	readonly name: string;
	readonly timeZone: string;
	/** Makes ids of events unique among regions. */
	readonly region: string;
	readonly events: readonly CalendarEvent[];
}

/** Calendars look again after this long, seconds. */
const REFRESH = 600;

/** Lines end in CRLF and are folded at 75 bytes. */
export function icalendar({ name, timeZone, region, events }: CalendarInput): string {
	const instants = events.flatMap(({ starts, ends }) => [starts, ends]);
	const zone = vtimezone(timeZone, Math.min(...instants), Math.max(...instants));
	const calendar = ical({
		name: `巡回 遠隔診療（${name}）`,
		prodId: { company: 'Junkai', product: 'Fleet server', language: 'JA' },
		method: ICalCalendarMethod.PUBLISH,
		ttl: REFRESH,
		// A zone that changes its clocks is not spelled out: its events are told in UTC.
		timezone: zone === null ? null : { name: timeZone, generator: () => zone },
	});
	for (const { id, sequence, changed, starts, ends, vehicle, town, cancelled } of events) {
		const event = calendar.createEvent({
			id: `${id}@${region}.junkai`,
			sequence,
			stamp: Temporal.Instant.fromEpochMilliseconds(Math.round(changed)),
			lastModified: Temporal.Instant.fromEpochMilliseconds(Math.round(changed)),
			start: Temporal.Instant.fromEpochMilliseconds(Math.round(starts)),
			end: Temporal.Instant.fromEpochMilliseconds(Math.round(ends)),
			summary: `遠隔診療 ${vehicle}${town === '' ? '' : ` ${town}`}`,
			status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
			busystatus: cancelled ? ICalEventBusyStatus.FREE : ICalEventBusyStatus.BUSY,
		});
		if (town !== '') event.location(town);
	}
	return calendar.toString();
}

/** A zone's definition, where one offset holds over the whole period; null where clocks are changed. */
function vtimezone(timeZone: string, from: number, until: number): string | null {
	const begin = Number.isFinite(from) ? from : 0;
	const at = (ms: number) => Temporal.Instant.fromEpochMilliseconds(Math.round(ms)).toZonedDateTimeISO(timeZone);
	const { offset } = at(begin);
	const next = at(begin).getTimeZoneTransition('next');
	if (next !== null && next.epochMilliseconds <= (Number.isFinite(until) ? until : 0)) return null;
	const text = offset.replace(':', '');
	const short = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'short' })
		.formatToParts(begin)
		.find(({ type }) => type === 'timeZoneName')?.value;
	const abbreviation = timeZone === 'Asia/Tokyo' ? 'JST' : (short ?? timeZone);
	return [
		'BEGIN:VTIMEZONE',
		`TZID:${timeZone}`,
		'BEGIN:STANDARD',
		'DTSTART:19700101T000000',
		`TZOFFSETFROM:${text}`,
		`TZOFFSETTO:${text}`,
		`TZNAME:${abbreviation}`,
		'END:STANDARD',
		'END:VTIMEZONE',
	].join('\r\n');
}
