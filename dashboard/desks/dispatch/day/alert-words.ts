/** An alert in words: whom it is about, what is so, by how much, and what to do. */
import type { TFunction } from 'i18next';
import { conflictKinds, notDoneReasons, type Alert } from '@junkai/contracts';
import { formatTime } from '../../../shared/i18n/format.ts';
import type { Names } from './use-names.ts';

export interface AlertWords {
	subject: string;
	what: string;
	/** Time, amount, device or road; empty when the alert has none. */
	figures: readonly string[];
	hint: string;
}

/** What the van's gateway says when it could not keep everything. */
const lossEvents = ['spool-shed', 'records-refused', 'spool-corrupt'] as const;

/** Alerts that are about a person first, and only then about a van. */
const ofVisit: readonly Alert['kind'][] = ['consult-late', 'visit-not-done'];
const ofDoctor: readonly Alert['kind'][] = ['doctor-not-joined', 'doctor-waits'];

export function alertWords(t: TFunction, { kind, vehicle, visit, doctor, at, minutes, detail }: Alert, names: Names): AlertWords {
	const known = {
		van: vehicle === null ? null : names.van(vehicle),
		visit: visit === null ? null : names.visit(visit),
		doctor: doctor === null ? null : names.doctor(doctor),
	};
	const order = ofDoctor.includes(kind)
		? (['doctor', 'visit', 'van'] as const)
		: ofVisit.includes(kind)
			? (['visit', 'van', 'doctor'] as const)
			: (['van', 'visit', 'doctor'] as const);
	const parts = order.flatMap((part) => known[part] ?? []);
	const figures = [
		at === null ? '' : formatTime(at),
		minutes === null ? '' : t('day.minutes', { count: Math.round(minutes) }),
		detailWords(t, kind, detail),
	].filter((part) => part !== '');
	return { subject: parts.slice(0, 2).join(' '), what: t(`day.alert.what.${kind}`), figures, hint: t(`day.alert.hint.${kind}`) };
}

/** A name stands for itself; a code is put into words. */
function detailWords(t: TFunction, kind: Alert['kind'], detail: string | null): string {
	if (detail === null) return '';
	const [first = '', count = ''] = detail.split(' ');
	const reason = notDoneReasons.find((one) => one === first);
	if (kind === 'visit-not-done' && reason !== undefined)
		return count === '' ? t(`day.report.reasons.${reason}`) : t('day.notHeardOf', { count: Number(count) });
	const conflict = conflictKinds.find((one) => one === first);
	if (kind === 'resource-conflict' && conflict !== undefined) return t(`day.conflict.${conflict}`);
	const event = lossEvents.find((one) => one === first);
	return kind === 'records-lost' && event !== undefined ? `${t(`event.${event}`)} ${count}`.trim() : detail;
}
