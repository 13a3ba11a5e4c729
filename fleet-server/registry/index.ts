/**
 * Records that people keep: patients, requests, visits, the fleet, staff, shifts, doctors, closures. (What vans themselves say is
 * elsewhere: `store/vehicle-registry.ts`.)
 *
 * Looking up, on a shelf for each kind; everything resolves with records as the contracts have them:
 * `records.patients.get(12)`, `.find([1, 2])`, `.search('たなか', 50)`, `.inSettlements([...])` ·
 * `records.requests.list({ patient: 12, state: 'open' })` ·
 * `records.visits.between('2026-11-24', '2026-11-30', { state: ['open', 'planned'] })`, `.ofRequests([...])` ·
 * `records.fleet.all()`, `.byVehicle('van-1')` · `records.staff.all()` · `records.shifts.all()` · `records.doctors.all()` ·
 * `records.closures.between(ms)`.
 *
 * Changing, all or nothing: `records.commit([{ kind: 'patient', op: 'create', body }, …], by)`; what a person changed on a screen names
 * the version that was seen and may end in a {@link RecordsError} of code `conflict`. What follows from facts instead takes the record
 * as it is: `records.revise('visit', [7], (visit) => ({ ...bodyOf(visit), state: 'done' }), 'crew van-1')`. Numbers for new records that
 * refer to each other: `records.reserve('patient', 3)`.
 *
 * Requests become visits by themselves, in the batch that creates or changes them; repeated ones a hundred days ahead.
 *
 * Who goes on a day: `shiftsOn(await resourcesOf(records), date, { calendar: records.calendar, surge })`; when a doctor offers hours:
 * `offeredOn(doctor, date, calendar)`. Closures as the roads take them: `forRoads(await records.closures.between(ms), records.facts)`.
 *
 * Hearing of changes: `records.on('change', (changes, by) => …)`.
 */
export { Records, HORIZON_DAYS, type PastRecord, type RecordChange, type RecordEvents } from './records.ts';
export type { Change, Committed } from './batch.ts';
export { bodyOf, type BodyOf, type RecordOf, type VisitBody } from './kinds.ts';
export { RecordsError, type RecordRefusal } from './records-error.ts';
export { addDays, calendarOf, datesOf, type Calendar, type Span } from './calendar.ts';
